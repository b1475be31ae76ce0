import { createFileRoute, redirect } from "@tanstack/react-router";
import { reaches, sessionOf } from "@/api/session";
import { STEPS, type Step } from "@/features/welcome/search";
import { WelcomePage } from "@/features/welcome/WelcomePage";

export const Route = createFileRoute("/_app/welcome")({
	validateSearch: ({ step }: Record<string, unknown>): { step?: Step } =>
		STEPS.includes(step as Step) ? { step: step as Step } : {},
	// Each step changes something, and whoever may only read would be refused at the end of it.
	beforeLoad: async ({ context }) => {
		const { organization } = await sessionOf(context.queryClient);
		if (!reaches(organization.role, "analyst")) throw redirect({ to: "/", replace: true });
	},
	component: Welcome,
});

function Welcome() {
	const { step = "brand" } = Route.useSearch();
	const navigate = Route.useNavigate();
	return (
		<WelcomePage
			step={step}
			onStep={(next) => navigate({ search: { step: next } })}
			onReport={(reportId) => navigate({ to: "/reports/$reportId", params: { reportId } })}
		/>
	);
}
