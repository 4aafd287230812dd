"""What a file says about itself: written as one XMP packet in every format, and read back out of photos and artworks.

`xmp.packet` gives the bytes, whatever file they go into; `embedded` finds them again, and `credits` reads what a photo
says of its maker. Texts of files are a stranger's: they are bounded, and nothing in them is expanded or fetched.
"""
