import type { LinkProps } from "@tanstack/react-router";
import { Activity, FileChartColumn, type LucideIcon, Newspaper, Rss, Settings, Tag } from "lucide-react";

type Item = { to: LinkProps["to"]; label: string; icon: LucideIcon; key: string };

/** The sidebar, the command palette and the `g` keys all read this list. */
export const navigation: { label: string; items: Item[] }[] = [
	{
		label: "Listen",
		items: [
			{ to: "/stories", label: "Stories", icon: Newspaper, key: "s" },
			{ to: "/feeds", label: "Feeds", icon: Rss, key: "f" },
		],
	},
	{ label: "Understand", items: [{ to: "/brands", label: "Brands", icon: Tag, key: "b" }] },
	{ label: "Act", items: [{ to: "/reports", label: "Reports", icon: FileChartColumn, key: "r" }] },
	{
		label: "Run",
		items: [
			{ to: "/jobs", label: "Jobs", icon: Activity, key: "j" },
			{ to: "/settings", label: "Settings", icon: Settings, key: "," },
		],
	},
];
