import { Tabs, type TabsListProps, Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import edges from "./edges.module.css";
import { count } from "./numbers";
import classes from "./TabLine.module.css";

/** The line of tabs of a screen: it scrolls where there is little room, and brings the open tab into sight. */
export function TabLine({ open, ...rest }: TabsListProps & { open: string }) {
	const line = useRef<HTMLDivElement>(null);
	const seen = useRef("");
	useEffect(() => {
		// Again when the line has grown: counts come later than the tabs that they stand in.
		const now = `${open} ${line.current?.scrollWidth}`;
		if (now === seen.current) return;
		seen.current = now;
		if (line.current) bringOpenTabIntoSight(line.current);
	});
	return <Tabs.List ref={line} className={`${classes.tabs} ${edges.fades}`} {...rest} />;
}

/** Along the line only, and beside its faded edges: the page stays where somebody has scrolled it to. */
function bringOpenTabIntoSight(line: HTMLElement) {
	const tab = line.querySelector("[aria-selected=true]")?.getBoundingClientRect();
	if (!tab) return;
	const { left, right } = line.getBoundingClientRect();
	const faded = Number.parseFloat(getComputedStyle(line).scrollPaddingInlineStart) || 0;
	line.scrollLeft += Math.min(tab.left - left - faded, 0) || Math.max(tab.right - right + faded, 0);
}

/** How many there are behind a tab, if any: small, on the line of its word, and with room from the beginning. */
export function TabCount({ of }: { of: number | undefined }) {
	return (
		<>
			{" "}
			<Text span fz="xs" lh={1} c="dimmed" className={`numeric ${classes.count}`}>
				{of ? count(of) : ""}
			</Text>
		</>
	);
}
