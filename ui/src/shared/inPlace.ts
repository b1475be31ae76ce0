const BELOW_THE_HEADER = 56;

/**
 * Makes the page wider or narrower, and lets what one looks at stay where it is on the screen: the open row, else the first that is
 * seen. Browsers hold such things by themselves only where no room around them changes. A page that was just opened begins at its top.
 */
export function inPlace(open: string | undefined, change: () => void) {
	const row = navigator.userActivation?.hasBeenActive ? rowInView(open) : undefined;
	const before = row?.getBoundingClientRect().top ?? 0;
	change();
	if (row) scrollBy(0, row.getBoundingClientRect().top - before);
}

function rowInView(open: string | undefined): HTMLElement | undefined {
	const rows = [...document.querySelectorAll<HTMLElement>("main [data-row]")].filter((row) => {
		const { top, bottom } = row.getBoundingClientRect();
		return bottom > BELOW_THE_HEADER && top < innerHeight;
	});
	return rows.find(({ dataset }) => dataset.row === open) ?? rows[0];
}
