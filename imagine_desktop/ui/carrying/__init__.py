"""Pictures carried between programs: dragged out and in, copied and pasted."""
