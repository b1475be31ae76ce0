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
		line.current
			?.querySelector("[aria-selected=true]")
			?.scrollIntoView({ block: "nearest", inline: "nearest" });
	});
	return <Tabs.List ref={line} className={`${classes.tabs} ${edges.fades}`} {...rest} />;
}

/** How many there are behind a tab, if any: small, on the line of its word. */
export function TabCount({ of }: { of: number | undefined }) {
	if (!of) return null;
	return (
		<>
			{" "}
			<Text span fz="xs" lh={1} c="dimmed" className="numeric">
				{count(of)}
			</Text>
		</>
	);
}
