import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
	createMemoryHistory,
	createRootRoute,
	createRoute,
	createRouter,
	RouterProvider,
} from "@tanstack/react-router";
import { render as renderPlain } from "@testing-library/react";
import type { ReactElement } from "react";
import { sessionOptions } from "@/api/session";
import { theme } from "@/app/theme";

const organization = {
	id: "0",
	name: "Northwind",
	time_zone: "Europe/Berlin",
	role: "owner",
	is_installation: false,
} as const;

/** A part on a page of its own, for the owner of an organization; `/elsewhere` is another page. */
export function render(ui: ReactElement) {
	const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
	queryClient.setQueryData(sessionOptions.queryKey, {
		user: { id: "1", name: "Ada", email: "ada@example.com", operator: false },
		organization,
		organizations: [organization],
	});
	const root = createRootRoute();
	const here = createRoute({ getParentRoute: () => root, path: "/", component: () => ui });
	const elsewhere = createRoute({
		getParentRoute: () => root,
		path: "/elsewhere",
		component: () => "Elsewhere",
	});
	const router = createRouter({
		routeTree: root.addChildren([here, elsewhere]),
		history: createMemoryHistory({ initialEntries: ["/"] }),
	});
	const view = renderPlain(
		<MantineProvider theme={theme} env="test">
			<QueryClientProvider client={queryClient}>
				{/* biome-ignore lint/suspicious/noExplicitAny: this router is not the application's */}
				<RouterProvider router={router as any} />
			</QueryClientProvider>
		</MantineProvider>,
	);
	return { queryClient, router, ...view };
}
