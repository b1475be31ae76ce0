import { createFileRoute } from "@tanstack/react-router";
import { AdAccountsPage } from "@/features/ads/AdAccountsPage";
import { type AccountView, type AdAccountsSearch, VIEWS } from "@/features/ads/accountSearch";
import { text } from "./-search";

export const Route = createFileRoute("/_app/ad-accounts/")({
	validateSearch: (search: Record<string, unknown>): AdAccountsSearch => ({
		...text(search, "account", "connect", "login", "table", "from", "q"),
		...(VIEWS.includes(search.view as AccountView) && { view: search.view as AccountView }),
	}),
	component: AdAccounts,
});

function AdAccounts() {
	const search = Route.useSearch();
	const navigate = Route.useNavigate();
	return (
		<AdAccountsPage
			search={search}
			onBrand={(brand) => navigate({ to: "/brands", search: { brand, tab: "ads" } })}
			onSearch={(change) =>
				navigate({
					search: (old) => ({ ...old, ...change }),
					replace: "q" in change || Boolean(search.account ?? search.connect ?? search.login ?? search.table),
					resetScroll: false,
				})
			}
		/>
	);
}
