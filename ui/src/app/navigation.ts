import type { LinkProps } from "@tanstack/react-router";
import {
	Activity,
	Bell,
	BellRing,
	ChartNoAxesColumn,
	FileChartColumn,
	Gauge,
	type LucideIcon,
	Megaphone,
	MessagesSquare,
	Newspaper,
	PlugZap,
	Rss,
	ScrollText,
	Settings,
	Tag,
	Telescope,
} from "lucide-react";
import { useSession } from "@/api/session";

type Item = {
	to: LinkProps["to"];
	label: string;
	icon: LucideIcon;
	key: string;
	operators?: true;
	/** It has a door of its own in the top bar, and none in the sidebar. */
	aside?: true;
};

/** The sidebar, the command palette and the `g` keys all read this list. */
const navigation: { label: string; items: Item[] }[] = [
	{
		label: "Listen",
		items: [
			{ to: "/stories", label: "Stories", icon: Newspaper, key: "s" },
			{ to: "/feeds", label: "Feeds", icon: Rss, key: "f" },
			{ to: "/alerts", label: "Alerts", icon: BellRing, key: "a" },
			{ to: "/ad-accounts", label: "Ad accounts", icon: Megaphone, key: "c" },
		],
	},
	{
		label: "Understand",
		items: [
			{ to: "/brands", label: "Brands", icon: Tag, key: "b" },
			{ to: "/ads", label: "Ads", icon: ChartNoAxesColumn, key: "m" },
			{ to: "/topics", label: "Topics", icon: MessagesSquare, key: "t" },
			{ to: "/discovery", label: "Discovery", icon: Telescope, key: "d" },
		],
	},
	{ label: "Act", items: [{ to: "/reports", label: "Reports", icon: FileChartColumn, key: "r" }] },
	{
		label: "Run",
		items: [
			{ to: "/jobs", label: "Jobs", icon: Activity, key: "j" },
			{ to: "/logs", label: "Logs", icon: ScrollText, key: "l" },
			{ to: "/providers", label: "Providers", icon: PlugZap, key: "p", operators: true },
			{ to: "/admin", label: "Admin", icon: Gauge, key: "o", operators: true },
			{ to: "/notifications", label: "Notifications", icon: Bell, key: "n", aside: true },
			{ to: "/settings", label: "Settings", icon: Settings, key: "," },
		],
	},
];

/** The places that the signed-in user may go to. */
export function useNavigation() {
	const { operator } = useSession().user;
	return navigation.map(({ label, items }) => ({
		label,
		items: items.filter(({ operators }) => operator || !operators),
	}));
}
