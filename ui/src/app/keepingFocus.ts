const WRONG = '[aria-invalid="true"]';

/**
 * Keeps the place of whoever works without a pointer. What was pressed cannot be used while it works, and a browser then lets the
 * focus go: it has it back as soon as it can be used again, unless somebody went on elsewhere. And of a form that was sent and not
 * taken, the first wrong field has the focus, whether it was found wrong here or by the server; one that had it already is read out.
 * Returns what ends it.
 */
export function keepFocus(page: Document = document): () => void {
	const over = new AbortController();
	const voice = voiceOf(page);
	let last: Element | null = null;
	let sent: HTMLFormElement | undefined;

	const lookForWrong = () => {
		const wrong = sent?.querySelector<HTMLElement>(WRONG);
		if (!wrong) return;
		sent = undefined;
		if (page.activeElement === wrong) voice.textContent = describedBy(wrong);
		else wrong.focus();
	};
	const observer = new MutationObserver((changes) => {
		for (const { target } of changes) {
			const usable = target instanceof HTMLElement && target === last && !target.matches(":disabled");
			if (usable && page.activeElement === page.body) target.focus({ preventScroll: true });
		}
		lookForWrong();
	});
	observer.observe(page.body, { subtree: true, attributeFilter: ["disabled", "aria-invalid"] });

	const listen = <Name extends keyof DocumentEventMap>(
		name: Name,
		then: (event: DocumentEventMap[Name]) => void,
	) => page.addEventListener(name, then, { capture: true, signal: over.signal });
	listen("submit", ({ target }) => {
		sent = target as HTMLFormElement;
		setTimeout(lookForWrong);
	});
	listen("input", () => {
		sent = undefined;
		voice.textContent = "";
	});
	listen("focusin", ({ target }) => {
		if (target !== last) sent = undefined;
		last = target as Element;
	});
	listen("focusout", ({ target }) => {
		if (!(target as Element).matches(":disabled")) last = null;
	});
	return () => {
		observer.disconnect();
		voice.remove();
		over.abort();
	};
}

const describedBy = (field: Element) =>
	(field.getAttribute("aria-describedby") ?? "")
		.split(" ")
		.map((id) => field.ownerDocument.getElementById(id)?.textContent)
		.filter(Boolean)
		.join(". ");

/** A place whose words are read to those who listen to the screen: it has to be there before them. */
function voiceOf(page: Document) {
	const voice = page.createElement("div");
	voice.setAttribute("aria-live", "assertive");
	voice.className = "unseen";
	page.body.append(voice);
	return voice;
}
