// Cards of what was sought.
const told = $('.status').textContent, PAGE = 24, cardBy = id => document.getElementById(id)
let query = {}, shown = [], whole = true, drawn

const mark = card => {
	isOn($('[data-do=like]', card), liked.has(card.id))
	isOn($('[data-do=pick]', card), picked.has(card.id))
}
const adopt = card => {
	card.append($('.on').cloneNode(true))
	mark(card)
	return card
}
const cardOf = e => {
	const card = copyOf(0), img = $('img', card), texts = { h2: e.title, '.photo': e.photo, b: e.what, '.facts': e.facts }
	card.id = e.id
	card.style.setProperty('--a', Math.min(Math.max(e.w / e.h, .6), 3.2))
	$('a', card).href = encodeURI(e.file)
	if (e.small) img.srcset = `${encodeURI(e.small)} ${e.s}w, ${encodeURI(e.thumb)} ${e.w}w`
	Object.assign(img, { width: e.w, height: e.h, alt: alt(e), src: encodeURI(e.thumb) })
	if (e.kind != 'animation') $('.mark', card).remove()
	for (const part in texts) $(part, card).textContent = texts[part] ?? ''
	return adopt(card)
}
const search = () => {
	const words = query.words?.toLowerCase().match(/\S+/g) ?? [], since = Date.now() / 1000 - 86400 * query.days
	const keys = ['preset', 'family', 'photo', 'kind', 'hue'].filter(key => query[key]), { sort } = query
	const by = sort == 'old' ? e => e.date : e => typeof e[sort] == 'number' ? -e[sort] : e[sort] ?? 0
	whole = !Object.values(query).some(Boolean)
	shown = all.filter(e => words.every(word => e.text.includes(word)) && keys.every(key => e[key] == query[key]) &&
		!(query.days && e.date < since) && !(query.liked && !liked.has(e.id)))
	if (sort) shown = shown.map(e => [by(e), e]).sort(([a], [b]) => a < b ? -1 : +(a > b)).map(pair => pair[1])
	$('.status').textContent = (whole ? '' : `${shown.length} of `) + told
}
const draw = () => {
	search()
	$('.grid').replaceChildren(...shown.slice(0, drawn = PAGE).map(cardOf))
	$('.none').hidden = shown.length
	watch()
}
const renew = async () => {
	query = Object.fromEntries($$('.tools, .filters').flatMap(form => [...new FormData(form)]))
	draw()
	if (whole || !await older()) return
	await everything()
	draw()
}
const watch = () => {
	watcher.disconnect()
	for (const last of $$('.card').slice(-1)) watcher.observe(last)
}
const watcher = new IntersectionObserver(async ([seen]) => {
	if (!seen.isIntersecting) return
	while (whole && drawn >= shown.length && await older()) search()
	if (drawn >= shown.length) return
	$('.grid').append(...shown.slice(drawn, drawn += PAGE).map(cardOf))
	watch()
}, { rootMargin: '60px' })

const toggle = (set, id, on = !set.has(id)) => {
	set[on ? 'add' : 'delete'](id)
	if (cardBy(id)) mark(cardBy(id))
	keep()
	$('.picked').hidden = !picked.size
	$('.count').textContent = `${picked.size} selected`
	$('[data-do=compare]').disabled = picked.size < 2
}
// An animation moves on its card while it is pointed at, or once chosen to.
const move = (card, on) => {
	const e = byId.get(card.id), over = $('.moving', card)
	if (e?.kind != 'animation' || on == !!over) return
	on ? $('.pic', card).append(Object.assign(moving(e), { className: 'moving', alt: '' })) : over.remove()
}
