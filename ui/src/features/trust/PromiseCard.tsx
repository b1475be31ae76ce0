import { Badge, Button, Card, Group, Progress, Select, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import type { PromiseOut, TrustOut } from "@/api/generated/types.gen";
import { percent } from "@/shared/numbers";
import { Ago } from "@/shared/time";
import { say } from "@/shared/undo";
import { usePromise, useWithdrawPromise } from "./queries";
import classes from "./Trust.module.css";
import { measured, PROOFS } from "./words";

const TARGETS = [0.85, 0.9, 0.95, 0.97];

/** The promise: so much of what one sees is really the brand. The limit moves itself, and the samples prove it. */
export function PromiseCard({ trust, name, may }: { trust: TrustOut; name: string; may: boolean }) {
	const { promise, live, moves } = trust;
	return (
		<Card padding="md" component="section" aria-label="Promise">
			<Stack gap="sm">
				<div className={classes.head} style={{ marginBottom: 0 }}>
					<div>
						<Title order={3} size="h5">
							{promise
								? `At least ${percent(promise.target)} of what you see is really ${name}`
								: "Promise a precision"}
						</Title>
						<Text size="xs" c="dimmed">
							{promise
								? "The limit moves by itself to where that holds"
								: "The limit then moves by itself, and weekly samples prove it"}
						</Text>
					</div>
					{promise && <Badge color={PROOFS[promise.proof].color}>{PROOFS[promise.proof].label}</Badge>}
				</div>
				{promise && <Proof promise={promise} />}
				<Text size="sm">{measured(live)}</Text>
				{may && (promise ? <TakeBack trust={trust} /> : <Make trust={trust} />)}
				{moves.length > 0 && (
					<ul className={classes.effects} aria-label="Moves of the limit">
						{moves.slice(0, 3).map((move) => (
							<li key={move.created_at}>
								<Text size="xs" c="dimmed">
									<Ago at={move.created_at} />: from {percent(move.before)} to {percent(move.after)}.{" "}
									{move.why}
								</Text>
							</li>
						))}
					</ul>
				)}
			</Stack>
		</Card>
	);
}

function Proof({ promise: { proof, checked, needed, why } }: { promise: PromiseOut }) {
	return (
		<Stack gap={6}>
			{proof !== "proven" && checked < needed && (
				<Progress
					value={Math.min(100, (100 * checked) / needed)}
					size="sm"
					aria-label={`${checked} of ${needed} checks done`}
				/>
			)}
			<Text size="sm">{why}.</Text>
		</Stack>
	);
}

function Make({ trust }: { trust: TrustOut }) {
	const [target, setTarget] = useState("0.95");
	const make = usePromise();
	return (
		<Group gap="xs" align="flex-end">
			<Select
				label="At least"
				size="sm"
				w={100}
				allowDeselect={false}
				value={target}
				onChange={(value) => setTarget(value ?? "0.95")}
				data={TARGETS.map((value) => ({ value: String(value), label: percent(value) }))}
			/>
			<Button
				variant="light"
				loading={make.isPending}
				onClick={() =>
					make.mutate(
						{ path: { brand_id: trust.brand_id }, body: { target: Number(target) } },
						{ onSuccess: () => say("Promised: the limit moves by itself from now on") },
					)
				}
			>
				Promise it
			</Button>
		</Group>
	);
}

function TakeBack({ trust }: { trust: TrustOut }) {
	const back = useWithdrawPromise();
	return (
		<Button
			variant="default"
			size="xs"
			w="fit-content"
			loading={back.isPending}
			onClick={() =>
				back.mutate(
					{ path: { brand_id: trust.brand_id } },
					{ onSuccess: () => say("Taken back: the limit stays where it is") },
				)
			}
		>
			Take the promise back
		</Button>
	);
}
