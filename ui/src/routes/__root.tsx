import { Button, Center } from "@mantine/core";
import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, Link, Outlet } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { Empty, ProblemPanel } from "@/shared/states";

export const Route = createRootRouteWithContext<{ queryClient: QueryClient }>()({
	component: Outlet,
	errorComponent: ({ error, reset }) => (
		<Center component="main" mih="100dvh">
			<title>Something went wrong · brandhound</title>
			<ProblemPanel error={error} retry={reset} />
		</Center>
	),
	notFoundComponent: () => (
		<Center component="main" mih="100dvh">
			<title>Not found · brandhound</title>
			<Empty
				level={1}
				icon={Compass}
				title="There is no such page"
				action={<Button renderRoot={(props) => <Link to="/" {...props} />}>To the stories</Button>}
			>
				Check the address, or start from the stories.
			</Empty>
		</Center>
	),
});
