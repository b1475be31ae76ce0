import { createFileRoute } from "@tanstack/react-router";
import { SettingsPage } from "@/features/tenancy/SettingsPage";
import { type SettingsSearch, TABS } from "@/features/tenancy/search";
import { text } from "./-search";

export const Route = createFileRoute("/_app/settings")({
	validateSearch: (search: Record<string, unknown>): SettingsSearch => ({
		...(TABS.includes(search.tab as (typeof TABS)[number]) && { tab: search.tab as (typeof TABS)[number] }),
		...text(search, "channel"),
		...text(search, "model"),
		...text(search, "member"),
		...((search.new === "key" || search.new === "invitation") && { new: search.new }),
	}),
	component: Settings,
});

function Settings() {
	const search = Route.useSearch();
	const navigate = Route.useNavigate();
	return (
		<SettingsPage
			search={search}
			onSearch={(change) =>
				navigate({
					search: (old) => ({ ...old, ...change }),
					replace: [search.new, search.channel, search.model, search.member].some(
						(open) => open !== undefined,
					),
					resetScroll: false,
				})
			}
		/>
	);
}
