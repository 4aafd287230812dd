// One artwork large, or several side by side: #id or #id+id.
let works = [], stages = [], drawing, plays, came, leader
// A box that scrolls; its sheet grows, so drawings stay sharp.
const stage = (box, ratio) => {
	const sheet = $('.sheet', box), me = {
		zoom: 1,
		lay() {
			const width = Math.min(box.clientWidth, box.clientHeight * ratio) * me.zoom * .96
			sheet.style.width = `${Math.floor(width)}px`
		},
		center() {
			const b = box.getBoundingClientRect()
			return [b.x + b.width / 2, b.y + b.height / 2]
		},
		at([x, y]) {
			const a = sheet.getBoundingClientRect()
			return [(x - a.x) / a.width, (y - a.y) / a.height]
		},
		// What is at u and v of the sheet, 0 to 1, comes to x and y.
		to(zoom, [x, y] = me.center(), [u, v] = me.at([x, y])) {
			me.zoom = Math.min(Math.max(zoom, 1), 40)
			me.lay()
			const a = sheet.getBoundingClientRect()
			box.scrollBy(a.x + u * a.width - x, a.y + v * a.height - y)
			lead(me)
		},
	}
	let from
	sheet.style.aspectRatio = ratio
	box.onscroll = () => lead(me)
	box.onpointerdown = e => { from = e; if (e.pointerType == 'mouse') box.setPointerCapture(e.pointerId) }
	box.onpointermove = e => { if (e.buttons && e.pointerType == 'mouse') box.scrollBy(-e.movementX, -e.movementY) }
	box.ontouchend = e => {
		const by = from.clientX - e.changedTouches[0].clientX
		if (!e.touches[0] && Math.abs(by) > 60 && me.zoom * visualViewport.scale == 1) step(Math.sign(by))
	}
	box.onwheel = e => {
		e.preventDefault()
		me.to(me.zoom * Math.exp(-e.deltaY / 400), [e.x, e.y])
	}
	new ResizeObserver(me.lay).observe(box)
	return me
}
const lead = s => {
	$('output').textContent = `${Math.round(s.zoom * 100)}%`
	if (leader && leader != s) return
	leader = s
	const middle = s.at(s.center())
	for (const other of stages) if (other != s) other.to(s.zoom, undefined, middle)
	requestAnimationFrame(() => leader = null)
}

const show = async ids => {
	const found = (await Promise.all(ids.split('+').map(find))).filter(Boolean), [e, many] = found, view = $('.view'), any = test => works.some(test)
	if (!e) return
	works = found
	const known = await load(`details/${e.id}.js`, e.id, 'object')
	if (works != found) return
	drawing = null
	plays = !still
	view.className = ['view', many && 'many', /svgz?$/.test(e.file) && 'drawn', any(e => e.kind == 'animation') && 'animated', any(e => e.copy) && 'copied'].join(' ')
	$('h2', view).textContent = works.map(e => e.title).join(', ')
	$('.what', view).textContent = about(e)
	$('.layers').hidden = true
	for (const button of $$('[aria-pressed]', view)) isOn(button, button.dataset.do == 'like' && liked.has(e.id))
	Object.assign($('.get'), { href: encodeURI(e.file), download: e.file })
	$('.panes').replaceChildren(...works.map(e => {
		const pane = copyOf(1), [left, top, width, height] = e.place ?? []
		$('.stage', pane).ariaLabel = alt(e)
		$('b', pane).textContent = e.title
		$('span', pane).textContent = about(e)
		Object.assign($('img', pane).style, { left, top, width, height })
		return pane
	}))
	$('aside dl').replaceChildren(...known?.facts.flatMap(pair => pair.map((textContent, i) => make(i ? 'dd' : 'dt', { textContent }))) ?? [])
	for (const pre of $$('aside pre')) pre.textContent = known?.[pre.className]
	paint()
	if (!view.open) view.showModal()
	stages = works.map((e, i) => stage($$('.stage')[i], e.w / e.h))
	stages[0].to(1)
}
const paint = url => {
	works.forEach((e, i) => $$('.art')[i].replaceChildren(url || e.kind == 'animation' && !plays ? make('img', { src: url ?? encodeURI(e.thumb), alt: alt(e) }) : moving(e)))
	$('.view [data-do=play]').textContent = plays ? 'Pause' : 'Play'
	cut()
}
const cut = () => {
	const { value } = $('.cut input')
	works.forEach(({ copy }, i) => {
		const pane = $$('figure')[i], photo = $('.before img', pane)
		if (+value && copy && !photo.src) photo.src = encodeURI(copy)
		pane.classList.toggle('uncut', !copy || !+value)
		pane.style.setProperty('--cut', `${value}%`)
	})
}
const step = async by => {
	const at = shown.indexOf(works[0]) + +by
	while (whole && at >= shown.length && await older()) search()
	if (works[1] || !shown[at]) return
	history.replaceState(null, '', `#${shown[at].id}`)
	show(shown[at].id)
}
const route = () => {
	try { location.hash ? show(decodeURIComponent(location.hash.slice(1))) : $('.view').close() } catch {}
}
const closed = () => {
	if (location.hash) came ? history.back() : history.replaceState(null, '', location.pathname)
	came = false
	cardBy(works[0]?.id)?.firstElementChild.focus()
	works = stages = []
	$('.panes').replaceChildren()
}

// The drawing and its layers.
const unpack = async () => {
	if (drawing) return true
	const [e] = works, text = await load(`details/${e.id}.drawing.js`, e.id, 'string')
	if (!text) return
	const bytes = Uint8Array.from(atob(text), c => c.charCodeAt())
	const xml = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text()
	const svg = new DOMParser().parseFromString(xml, 'image/svg+xml').documentElement
	const paints = node => [node?.getAttribute('stroke'), node?.getAttribute('fill')]
	const parts = [...svg.children].map(node => [node.getAttribute('inkscape:label'), [...paints(node), ...paints(node.firstElementChild)].find(color => color && color != 'none'), node])
	if (e == works[0]) return drawing = { svg, parts: parts.filter(([name]) => name) }
}
const redraw = () => paint(blob([new XMLSerializer().serializeToString(drawing.svg)], 'image/svg+xml'))
