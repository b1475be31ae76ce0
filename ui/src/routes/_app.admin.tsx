import { createFileRoute } from "@tanstack/react-router";
import { AdminPage } from "@/features/admin/AdminPage";
import { adminSearch } from "@/features/admin/search";

export const Route = createFileRoute("/_app/admin")({
	validateSearch: adminSearch,
	component: Admin,
});

const PANELS = ["process", "error", "rule", "organization", "slow", "figure"] as const;

function Admin() {
	const search = Route.useSearch();
	const navigate = Route.useNavigate();
	return (
		<AdminPage
			search={search}
			onSearch={(change) =>
				navigate({
					search: (old) => ({ ...old, ...change }),
					replace: PANELS.some((name) => search[name] !== undefined),
					resetScroll: false,
				})
			}
		/>
	);
}
