import { createFileRoute } from "@tanstack/react-router";
import { DiscoveryPage } from "@/features/discovery/DiscoveryPage";
import type { CandidateState } from "@/features/discovery/search";
import { isState } from "@/features/discovery/search";
import { text } from "./-search";

export const Route = createFileRoute("/_app/discovery")({
	validateSearch: (search: Record<string, unknown>): { name?: string; state?: CandidateState } => {
		const { state, ...found } = text(search, "name", "state");
		return { ...found, ...(isState(state) && state !== "proposed" && { state }) };
	},
	component: Discovery,
});

function Discovery() {
	const { name, state = "proposed" } = Route.useSearch();
	const navigate = Route.useNavigate();
	return (
		<DiscoveryPage
			open={name}
			state={state}
			onState={(to) =>
				navigate({ search: to === "proposed" ? {} : { state: to }, replace: true, resetScroll: false })
			}
			onOpen={(id) =>
				navigate({
					search: (old) => ({ ...old, name: id }),
					replace: name !== undefined,
					resetScroll: false,
				})
			}
		/>
	);
}
