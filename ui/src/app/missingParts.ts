/** What the message of an error becomes when a file of the application could not be had. */
const MISSING = "A part of brandhound could not be loaded.";
const PAUSE = 2_000;
const AGAIN = 10_000;
const KEY = "brandhound-loaded-anew";

/**
 * Lets a missing file be an error like any other: Vite's and the router's own answer is to load the whole page anew at once, which
 * while the server is away leaves nothing on the screen, and does so even for a link that the pointer only passes.
 */
export function nameMissingParts(target: Pick<Window, "addEventListener"> = window) {
	target.addEventListener("vite:preloadError", (event) => {
		const { payload } = event as Event & { payload?: Error };
		if (payload) payload.message = MISSING;
	});
}

export const isMissingPart = (error: unknown) => error instanceof Error && error.message === MISSING;

/**
 * Loads the page anew as soon as the server answers: at once after an upgrade, when the old files are gone; and not a second time
 * within seconds, if that has not helped. Returns what ends the waiting.
 */
export function loadAnewWhenThere(reload = () => location.reload()): () => void {
	let timer: ReturnType<typeof setTimeout> | undefined;
	let ended = false;
	const look = async () => {
		const there = await isThere();
		if (ended) return;
		if (!there) {
			timer = setTimeout(() => void look(), PAUSE);
		} else if (Date.now() - Number(sessionStorage.getItem(KEY) ?? 0) > AGAIN) {
			sessionStorage.setItem(KEY, String(Date.now()));
			reload();
		}
	};
	void look();
	return () => {
		ended = true;
		clearTimeout(timer);
	};
}

/** Somebody asks for another try: without a server what is on the screen stays. */
export async function loadAnewIfThere(reload = () => location.reload()) {
	if (await isThere()) reload();
}

const isThere = () =>
	fetch("/api/health").then(
		({ ok }) => ok,
		() => false,
	);
