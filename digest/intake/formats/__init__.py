"""Files that platforms leave beside a recording: one file a format, one row a format in `table`.

A format says how much of a file's head is written so (`fits`, from 0 to 1, cheap, in our own process) and reads the
whole of one (`read`, in a limited child).
"""
