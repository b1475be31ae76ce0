import { createFileRoute } from "@tanstack/react-router";
import { STEPS, type Step } from "@/features/welcome/search";
import { WelcomePage } from "@/features/welcome/WelcomePage";

export const Route = createFileRoute("/_app/welcome")({
	validateSearch: ({ step }: Record<string, unknown>): { step?: Step } =>
		STEPS.includes(step as Step) ? { step: step as Step } : {},
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
