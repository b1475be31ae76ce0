import { createFileRoute, useRouter } from "@tanstack/react-router";
import { enter } from "@/api/session";
import { SignInPage } from "@/features/identity/SignInPage";
import { text } from "./-search";

export const Route = createFileRoute("/sign-in")({
	validateSearch: (search: Record<string, unknown>) => text(search, "next"),
	component: SignIn,
});

function SignIn() {
	const { next } = Route.useSearch();
	const { queryClient } = Route.useRouteContext();
	const router = useRouter();
	return (
		<SignInPage
			onSignedIn={(session) => {
				enter(queryClient, session);
				// Only to a page of ours: an address with a host in it is somebody else's.
				router.history.push(next && /^\/(?![/\\])/.test(next) ? next : "/");
			}}
		/>
	);
}
