'use strict'
// Entries come in shards, details and drawings one by one: scripts that call artkit(key, value).
const all = [], byId = new Map(), waiting = {}
const $ = (query, from = document) => from.querySelector(query)
const $$ = (query, from = document) => [...from.querySelectorAll(query)]
const make = (tag, props) => Object.assign(document.createElement(tag), props)
const copyOf = i => $$('template')[i].content.firstChild.cloneNode(true)
const blob = (parts, type) => {
	const url = URL.createObjectURL(new Blob(parts, { type }))
	setTimeout(() => URL.revokeObjectURL(url), 9e3)
	return url
}
window.artkit = (key, value) => waiting[key + typeof value]?.(value)
const load = (path, key, type) => new Promise(done => {
	waiting[key + type] = done
	document.head.append(make('script', { src: encodeURI(path), onload: () => done(), onerror: () => done() }))
})

let left = +document.body.dataset.shards, loading
const older = () => loading ??= left > 0 ? load(`data/${String(left).padStart(5, 0)}.js`, left--, 'object').then((list = []) => {
	for (const e of list.reverse()) {
		if (byId.has(e.id)) continue
		e.text = [e.id, e.title, e.preset, e.family, e.photo, e.what, e.hue].join(' ').toLowerCase()
		all.push(e)
		byId.set(e.id, e)
	}
	loading = null
	return true
}) : null
const everything = async () => { while (await older()); }
const find = async id => byId.get(id) ?? (await older() ? find(id) : null)

const shelf = `artkit ${location.pathname}`, memory = { liked: [], keys: true }
try { Object.assign(memory, JSON.parse(localStorage[shelf])) } catch {}
const liked = new Set(memory.liked), picked = new Set()
const keep = () => {
	memory.liked = [...liked]
	try { localStorage[shelf] = JSON.stringify(memory) } catch {}
}
const still = matchMedia('(prefers-reduced-motion: reduce)').matches
const isOn = (button, on) => button.ariaPressed = on
const about = e => [e.photo, e.what].filter(Boolean).join(' · ')
const alt = e => e.title + (e.photo ? ` of ${e.photo}` : '')
const moving = e => make(/\.(mp4|webm)$/.test(e.file) ? 'video' : 'img', { src: encodeURI(e.tiles ? e.thumb : e.file), muted: true, loop: true, autoplay: true, alt: alt(e) })
