import { Tabs, type TabsListProps } from "@mantine/core";
import { useEffect, useRef } from "react";
import classes from "./TabLine.module.css";

/** The line of tabs of a screen: it scrolls where there is little room, and brings the open tab into sight. */
export function TabLine({ open, ...rest }: TabsListProps & { open: string }) {
	const line = useRef<HTMLDivElement>(null);
	// biome-ignore lint/correctness/useExhaustiveDependencies: another tab may lie beyond the edge
	useEffect(() => {
		line.current
			?.querySelector("[aria-selected=true]")
			?.scrollIntoView({ block: "nearest", inline: "nearest" });
	}, [open]);
	return <Tabs.List ref={line} className={classes.tabs} {...rest} />;
}
