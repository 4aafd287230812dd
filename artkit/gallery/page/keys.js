// What buttons (data-do) and keys (data-key) do.
const flip = button => isOn(button, button.ariaPressed != 'true') == true
const ACTS = {
	step: button => step(button.value),
	zoom: button => stages[0].to(button.value * stages[0].zoom),
	help: () => $('.keys').showModal(),
	more: async button => {
		button.ariaExpanded = $('.filters').hidden
		$('.filters').hidden ^= 1
		await everything()
		for (const key of ['preset', 'family', 'photo']) {
			const select = $(`[name=${key}]`), names = new Set(all.map(e => e[key] ?? '')), { value } = select
			select.replaceChildren(...[...names.add('')].sort().map(name => new Option(name || 'all', name)))
			select.value = value
		}
	},
	compare: () => { came = true; location.hash = [...picked].join('+') },
	clear: () => picked.forEach(id => toggle(picked, id, false)),
	save: () => make('a', { download: 'favorites.txt', href: blob([...liked].map(id => `${id}\n`)) }).click(),
	pick: (button, card) => toggle(picked, card.id),
	like(button, card) {
		const { id } = card ?? works[0]
		toggle(liked, id)
		isOn(button, liked.has(id))
	},
	play: (button, card) => card ? move(card, flip(button)) : (plays = !plays, paint()),
	copy(button) {
		getSelection().selectAllChildren(button.nextElementSibling)
		if (document.execCommand('copy')) button.textContent = 'Copied'
	},
	async nodes(button) {
		if (!await unpack()) return
		const { svg } = drawing, on = flip(button)
		if (!$('marker', svg)) svg.append($('marker').cloneNode(true))
		$('marker', svg).firstElementChild.setAttribute('r', svg.viewBox.baseVal.width / 400)
		for (const end of ['start', 'mid', 'end']) svg.setAttribute(`marker-${end}`, on ? 'url(#artkit-node)' : 'none')
		redraw()
	},
	async layers(button) {
		if (!await unpack()) return
		const field = $('.layers')
		field.hidden = !flip(button)
		field.replaceChildren(...drawing.parts.map(([name, color, node]) => {
			const label = copyOf(2), box = $('input', label)
			box.checked = node.getAttribute('display') != 'none'
			box.onchange = () => {
				node.setAttribute('display', box.checked ? 'inline' : 'none')
				redraw()
			}
			$('i', label).style.background = color
			label.append(name)
			return label
		}))
	},
}
const keyed = e => {
	const { key, target } = e, view = $('.view'), card = target.closest('.card'), arrow = /^Arrow[LR]/.exec(key)
	if (e.ctrlKey || e.metaKey || e.altKey || $('.keys').open || target.matches('[type=search], select') || !arrow && (key[1] || !memory.keys)) return
	if (arrow && view.open && (target.type == 'range' || stages[0].zoom > 1) || key == ' ' && target.matches('button, input')) return
	const query = `[data-key~="${key == ' ' ? 'space' : CSS.escape(key)}"]`
	const found = view.open ? $(query, view) : !arrow ? card && $(query, card) || $(query) : $$('.pic')[$$('.card').indexOf(card) + (key == 'ArrowLeft' ? -1 : 1)]
	if (!found?.checkVisibility()) return
	e.preventDefault()
	found.matches('input, .pic') ? found.focus() : found.click()
}
const on = addEventListener
// What is far below comes later.
let far
for (const card of $$('.card')) (far ||= card.offsetTop > innerHeight * 1.2) ? card.remove() : adopt(card)
drawn = $$('.card').length
Object.assign($('.single'), { checked: memory.keys, onchange: e => { memory.keys = e.target.checked; keep() } })
$('[type=search]').onfocus = everything
$('.view').onclose = closed
for (const name of ['pointerover', 'pointerout', 'focusin', 'focusout']) on(name, e => {
	const card = e.target.closest?.('.card')
	if (card && !still && !card.contains(e.relatedTarget) && $('[data-do=play]', card).ariaPressed != 'true') move(card, /over|in$/.test(name))
})
on('input', e => e.target.form ? renew() : cut())
on('reset', () => setTimeout(renew))
on('submit', e => e.target.matches('.tools, .filters') && e.preventDefault())
on('click', e => {
	const button = e.target.closest('[data-do]'), card = e.target.closest('.card')
	if (button) return ACTS[button.dataset.do](button, card)
	if (!e.target.closest('.pic') || e.ctrlKey || e.metaKey || e.shiftKey) return
	e.preventDefault()
	came = true
	location.hash = card.id
})
on('keydown', keyed)
on('beforeprint', () => $('.grid').append(...shown.slice(drawn, drawn = 1e9).map(cardOf)))
on('hashchange', route)
Promise.resolve(older()).then(() => { search(); watch(); if (location.hash) route() })
