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
import { type Role, reaches, useSession } from "@/api/session";

type Item = {
	to: LinkProps["to"];
	label: string;
	icon: LucideIcon;
	key: string;
	operators?: true;
	/** The least role that finds something there; a viewer does unless it says otherwise. */
	least?: Role;
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
	{
		label: "Act",
		items: [{ to: "/reports", label: "Reports", icon: FileChartColumn, key: "r", least: "guest" }],
	},
	{
		label: "Run",
		items: [
			{ to: "/jobs", label: "Jobs", icon: Activity, key: "j" },
			{ to: "/logs", label: "Logs", icon: ScrollText, key: "l", least: "admin" },
			{ to: "/providers", label: "Providers", icon: PlugZap, key: "p", operators: true },
			{ to: "/admin", label: "Admin", icon: Gauge, key: "o", operators: true },
			{ to: "/notifications", label: "Notifications", icon: Bell, key: "n", aside: true, least: "guest" },
			{ to: "/settings", label: "Settings", icon: Settings, key: ",", least: "guest" },
		],
	},
];

/** The places where somebody finds something: guests read reports, an organization's log is its administrators'. */
export function placesFor(role: Role, operator: boolean) {
	const may = (least: Role) => operator || reaches(role, least);
	return navigation
		.map(({ label, items }) => ({
			label,
			items: items.filter(({ operators, least = "viewer" }) => (operators ? operator : may(least))),
		}))
		.filter(({ items }) => items.length > 0);
}

/** The places that the signed-in user may go to. */
export function useNavigation() {
	const { user, organization } = useSession();
	return placesFor(organization.role, user.operator);
}
