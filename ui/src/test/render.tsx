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
import { type Role, sessionOptions } from "@/api/session";
import { theme } from "@/app/theme";

/** A part on a page of its own, for the owner of an organization unless another role is said; `/elsewhere` is another page. */
export function render(ui: ReactElement, role: Role = "owner") {
	const organization = {
		id: "0",
		name: "Northwind",
		time_zone: "Europe/Berlin",
		role,
		is_installation: false,
	} as const;
	const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
	queryClient.setQueryData(sessionOptions.queryKey, {
		user: { id: "1", name: "Ada", email: "ada@example.com", operator: false },
		organization,
		organizations: [organization],
		last_change: 5,
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
