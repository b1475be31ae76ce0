import { Anchor, Group, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Check } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { BrandProposal } from "@/api/generated/types.gen";
import { BrandStep } from "./BrandStep";
import { FeedsStep } from "./FeedsStep";
import { ProposalStep } from "./ProposalStep";
import { ReportStep } from "./ReportStep";
import { ScanStep } from "./ScanStep";
import { STEPS, type Step } from "./search";
import { TeachStep } from "./TeachStep";
import classes from "./Welcome.module.css";

const NAMES: Record<Step, string> = {
	brand: "Brand",
	feeds: "Feeds",
	scan: "First scan",
	teach: "Teach me",
	report: "Report",
};

type Props = { step: Step; onStep: (step: Step) => void; onReport: (id: string) => void };

/** From nothing to the first report in five minutes: each step shows what comes of it before one goes on. */
export function WelcomePage({ step, onStep, onReport }: Props) {
	const [proposal, setProposal] = useState<BrandProposal>();
	const at = STEPS.indexOf(step);
	const place = useRef<HTMLDivElement>(null);
	// The button that was pressed is gone with its step: whoever goes by keyboard goes on here, and not at the top of the page.
	// biome-ignore lint/correctness/useExhaustiveDependencies: when the step on screen is another one
	useEffect(() => {
		if (document.activeElement === document.body) place.current?.focus({ preventScroll: true });
	}, [step, proposal]);
	return (
		<Stack gap="lg" className={classes.page}>
			<title>First steps · brandhound</title>
			<Group justify="space-between" wrap="nowrap">
				<ol className={classes.steps} aria-label="Steps">
					{STEPS.map((name, number) => (
						<li
							key={name}
							data-state={number < at ? "done" : number === at ? "now" : undefined}
							aria-current={number === at ? "step" : undefined}
						>
							<span className={classes.number}>
								{number < at ? <Check size={13} aria-label="done" /> : number + 1}
							</span>
							<span className={classes.name}>{NAMES[name]}</span>
						</li>
					))}
				</ol>
				<Anchor size="sm" c="dimmed" renderRoot={(props) => <Link to="/stories" {...props} />}>
					Skip
				</Anchor>
			</Group>
			<div ref={place} tabIndex={-1} className={classes.place}>
				{step === "brand" &&
					(proposal ? (
						<ProposalStep
							proposal={proposal}
							onBack={() => setProposal(undefined)}
							onDone={() => onStep("feeds")}
						/>
					) : (
						<BrandStep onProposal={setProposal} />
					))}
				{step === "feeds" && <FeedsStep found={proposal?.feeds ?? []} onDone={() => onStep("scan")} />}
				{step === "scan" && <ScanStep onDone={() => onStep("teach")} />}
				{step === "teach" && <TeachStep onDone={() => onStep("report")} />}
				{step === "report" && <ReportStep onReport={onReport} />}
			</div>
			<Text size="xs" c="dimmed">
				Everything can be changed later. Nothing leaves this machine but requests for the pages it reads.
			</Text>
		</Stack>
	);
}
