const feet = new Set<HTMLElement>();
/** How near to the bottom of the window a foot has to end for messages to make room for it: as high as two of them. */
const REACH = 160;

const look = new ResizeObserver(measure);

/** How much of the window's bottom is taken, for the style sheets. */
function measure(): void {
	const taken = [...feet].map((foot) => {
		const { top, bottom } = foot.getBoundingClientRect();
		return innerHeight - bottom < REACH ? innerHeight - top : 0;
	});
	document.documentElement.style.setProperty("--foot", `${Math.max(0, ...taken)}px`);
}

/** A `ref` for what one presses at the foot of a list or a panel: messages stand above it, not on it. */
export function atFoot(foot: HTMLElement | null): (() => void) | undefined {
	if (!foot) return;
	if (feet.size === 0) {
		// A list that is shorter than the window, or scrolled to its end, has its foot higher up.
		look.observe(document.body);
		addEventListener("scroll", measure, { passive: true });
		addEventListener("resize", measure);
	}
	feet.add(foot);
	look.observe(foot);
	measure();
	return () => {
		feet.delete(foot);
		look.unobserve(foot);
		measure();
		if (feet.size > 0) return;
		look.disconnect();
		removeEventListener("scroll", measure);
		removeEventListener("resize", measure);
	};
}
