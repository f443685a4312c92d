"""Pictures as bytes and pixels: recognise, decode within limits, shrink, prepare for upload."""
