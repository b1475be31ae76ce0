/** The feeds named in an OPML file. */
export function addresses(opml: string): { url: string; title: string }[] {
	const document = new DOMParser().parseFromString(opml, "text/xml");
	return [...document.querySelectorAll("outline[xmlUrl]")].map((outline) => ({
		url: outline.getAttribute("xmlUrl") ?? "",
		title: outline.getAttribute("title") ?? outline.getAttribute("text") ?? "",
	}));
}
