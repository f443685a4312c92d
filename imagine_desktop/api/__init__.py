"""The API's wire: paid calls, downloads, and the sandbox that stands in for it."""
