import { createFileRoute } from "@tanstack/react-router";
import { AdsPage } from "@/features/ads/AdsPage";
import { type AdsSearch, SEARCHED } from "@/features/ads/adSearch";
import { text } from "./-search";

export const Route = createFileRoute("/_app/ads")({
	validateSearch: (search: Record<string, unknown>): AdsSearch => {
		const { panel, ...found } = text(search, ...SEARCHED);
		return { ...found, ...(isPanel(panel) && { panel }) };
	},
	component: Ads,
});

const isPanel = (panel: string | undefined): panel is NonNullable<AdsSearch["panel"]> =>
	panel === "metrics" || panel === "views" || panel === "naming" || panel === "rates";

function Ads() {
	const search = Route.useSearch();
	const navigate = Route.useNavigate();
	return (
		<AdsPage
			search={search}
			onSearch={(change) =>
				navigate({
					search: (old) => ({ ...old, ...change }),
					replace: !("ad" in change || "panel" in change) || search.ad !== undefined,
					resetScroll: false,
				})
			}
			onAccounts={() => navigate({ to: "/ad-accounts", search: { connect: "any" } })}
			onDays={() => navigate({ to: "/ad-accounts", search: { account: search.account } })}
		/>
	);
}
