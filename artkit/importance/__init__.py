"""A picture in, how much each part of it matters out: faces, what stands out, what is sharp, what the user says.

`maps` makes the map, once for a picture; `focus` reads what the user asks for; `subject` cuts the subject out.
"""
