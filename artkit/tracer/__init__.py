"""The tracer: a picture, or the regions of an earlier step, in; a drawing out.

| file | in | out |
|---|---|---|
| `look` | pixels | what kind of picture it is: flat art, line work or a photo |
| `found`, with `regions/` | a picture and its kind | regions: labels, colors, where borders run between pixels |
| `assemble` | regions | a drawing: merged, stacked or cut out |
| `mosaic`, with `regions/` | a photo, a number of regions | so many regions, each with a fill that pays |
| `vector` | a mosaic | a drawing with gradients, or nested levels of one |
| `budget` | limits of shapes, bytes, PSNR, and a way to draw n regions | the drawing that meets them |
| `photos` | a photo and what is wanted of it | the drawing and its measurements |
| `soft`, with `fades`, `contours` | a picture with soft transparency | its soft parts as shapes, and the rest |
| `closeness` | two pictures | PSNR, SSIM, GMSD |

Flat art goes the upper way, photos the lower one, unless fixed colors, layers or other curves are asked for. Borders
and curves are the work of `artkit.planar`.
"""
