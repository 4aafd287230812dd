'use strict'
// A picture too large to be shown whole: of its tiles those in sight, as fine as the screen.
const tiled = (e, box) => {
	const [width, height, side] = e.tiles, sheet = $('.sheet', box), art = $('.art', box), tiles = new Map()
	const coarsest = Math.max(Math.ceil(Math.log2(Math.max(width, height) / side)), 0)
	// Tiles of other levels stay, and the thumbnail beneath them, until all that are wanted are there.
	const settle = () => {
		const wanted = [...tiles.values()].filter(tile => tile.wanted)
		art.classList.toggle('settled', wanted[0] && wanted.every(({ img }) => img.isConnected && img.naturalWidth))
		if (wanted.every(({ img }) => img.complete)) for (const [key, tile] of tiles) if (!tile.wanted) drop(key, tile)
	}
	const drop = (key, tile) => {
		tile.img.remove()
		tiles.delete(key)
	}
	const tileOf = (level, x, y) => {
		const img = make('img', { className: 'tile', alt: '', onload: settle, onerror: () => { img.hidden = true; settle() } })
		img.src = encodeURI(`tiles/${e.id}/${level}/${x}-${y}.webp`)
		return { img, level, x, y }
	}
	const draw = () => {
		due = null
		const a = sheet.getBoundingClientRect(), b = box.getBoundingClientRect(), dots = devicePixelRatio
		if (!a.width) return
		const fit = Math.floor(Math.log2(width / (a.width * dots * visualViewport.scale)))
		const level = Math.min(Math.max(fit, 0), coarsest), span = side * 2 ** level
		const seen = (from, to, length, whole) => [
			Math.max(Math.floor(from / length * whole / span), 0),
			Math.min(Math.ceil(to / length * whole / span), Math.ceil(whole / span)),
		]
		const [left, right] = seen(b.left - a.left, b.right - a.left, a.width, width)
		const [top, bottom] = seen(b.top - a.top, b.bottom - a.top, a.height, height)
		for (const tile of tiles.values()) tile.wanted = false
		for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) {
			const key = `${level}/${x}-${y}`
			if (!tiles.has(key)) tiles.set(key, tileOf(level, x, y))
			tiles.get(key).wanted = true
		}
		// Edges are on whole dots, or lap over by one, so that nothing shows between two tiles.
		const lap = dots % 1 && 1 / dots
		const edge = (i, level, length, whole) => Math.round(Math.min(i * side * 2 ** level / whole, 1) * length * dots) / dots
		for (const [key, tile] of tiles) {
			const { img, level, x, y } = tile, { style } = img
			if (!tile.wanted && !img.complete) {
				drop(key, tile)
				continue
			}
			const x0 = edge(x, level, a.width, width), y0 = edge(y, level, a.height, height)
			style.left = `${x0}px`
			style.top = `${y0}px`
			style.width = `${edge(x + 1, level, a.width, width) - x0 + lap}px`
			style.height = `${edge(y + 1, level, a.height, height) - y0 + lap}px`
			if (!img.isConnected) art.append(img)
		}
		settle()
	}
	let due
	const soon = () => { due ??= requestAnimationFrame(draw) }
	sheet.style.aspectRatio = width / height
	new ResizeObserver(soon).observe(sheet)
	new ResizeObserver(soon).observe(box)
	new MutationObserver(soon).observe(art, { childList: true })
	box.addEventListener('scroll', soon)
	touched(box)
}
// Two fingers, and a double click.
const touched = box => {
	const here = () => stages[$$('.stage').indexOf(box)]
	const apart = ([p, q]) => Math.hypot(p.clientX - q.clientX, p.clientY - q.clientY)
	let before, pinched
	box.ondblclick = e => here().to(2 * here().zoom, [e.x, e.y])
	box.ontouchstart = e => {
		pinched &&= !!e.touches[1]
		before = e.touches[1] && apart(e.touches)
	}
	box.ontouchmove = e => {
		const [p, q] = e.touches
		if (!q) return
		if (e.cancelable) e.preventDefault()
		const now = apart(e.touches)
		here().to(here().zoom * now / before, [(p.clientX + q.clientX) / 2, (p.clientY + q.clientY) / 2])
		before = now
		pinched = true
	}
	box.addEventListener('touchend', e => pinched && e.stopImmediatePropagation(), true)
}
new MutationObserver(() => works.forEach((e, i) => e.tiles && tiled(e, $$('.stage')[i]))).observe($('.panes'), { childList: true })
