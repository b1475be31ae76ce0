import "@mantine/core/styles.layer.css";
import "@fontsource-variable/inter/wght.css";
import "./global.css";

import { MantineProvider } from "@mantine/core";
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRouter, RouterProvider } from "@tanstack/react-router";
import { isProblem } from "@/api/problems";
import { hearAnswer, hearFailure } from "@/api/session";
import { routeTree } from "@/routeTree.gen";
import { ToastHost } from "@/shared/undo";
import { PageProblem } from "./PageProblem";
import { cssVariablesResolver, theme } from "./theme";

const queryClient = new QueryClient({
	queryCache: new QueryCache({ onError: hearFailure, onSuccess: hearAnswer }),
	mutationCache: new MutationCache({ onError: hearFailure, onSuccess: hearAnswer }),
	defaultOptions: {
		queries: {
			staleTime: 30_000,
			// What the server refuses with a reason stays refused; only a broken line is worth another try.
			retry: (failures, error) => !isProblem(error) && failures < 2,
		},
	},
});
const router = createRouter({
	routeTree,
	context: { queryClient },
	defaultPreload: "intent",
	scrollRestoration: true,
	// What a route does not know, a state that is none or a tab of another screen, is as if it were not there.
	search: { strict: true },
	defaultErrorComponent: PageProblem,
});

declare module "@tanstack/react-router" {
	interface Register {
		router: typeof router;
	}
}

export function App() {
	return (
		<MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
			<QueryClientProvider client={queryClient}>
				<ToastHost />
				<RouterProvider router={router} />
			</QueryClientProvider>
		</MantineProvider>
	);
}
