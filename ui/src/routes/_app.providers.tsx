import { createFileRoute } from "@tanstack/react-router";
import { ProvidersPage, type ProvidersSearch } from "@/features/providers/ProvidersPage";
import { text } from "./-search";

export const Route = createFileRoute("/_app/providers")({
	validateSearch: (search: Record<string, unknown>): ProvidersSearch => text(search, "breaker"),
	component: Providers,
});

function Providers() {
	const search = Route.useSearch();
	const navigate = Route.useNavigate();
	return (
		<ProvidersPage
			search={search}
			onSearch={(change) =>
				navigate({
					search: (old) => ({ ...old, ...change }),
					replace: search.breaker !== undefined,
					resetScroll: false,
				})
			}
		/>
	);
}
