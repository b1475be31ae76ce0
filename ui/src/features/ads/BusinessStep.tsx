import { Badge, Button, Group, Text, UnstyledButton } from "@mantine/core";
import { ArrowLeft, ChevronRight } from "lucide-react";
import { useEffect, useRef } from "react";
import type { OfferedBusiness } from "@/api/generated/types.gen";
import { plural } from "@/shared/numbers";
import classes from "./AdAccounts.module.css";

/** Stands for all businesses together. */
export const EVERY = "*";

type Props = {
	businesses: OfferedBusiness[];
	/** How many accounts there are in all: some stand in several businesses. */
	total: number;
	picked: Set<string>;
	/** The one that was looked into before: the keyboard goes on there. */
	last: string | null;
	onChoose: (id: string) => void;
};

/** The first question where there is more than one business: through which of them. */
export function BusinessStep({ businesses, total, picked, last, onChoose }: Props) {
	return (
		<ul className={classes.businesses} aria-label="Businesses">
			{businesses.map(({ id, name, account_ids }) => (
				<Row
					key={id}
					name={nameOf(name)}
					accounts={account_ids.length}
					picked={account_ids.filter((one) => picked.has(one)).length}
					focused={id === last}
					onChoose={() => onChoose(id)}
				/>
			))}
			<Row
				name="All businesses"
				accounts={total}
				picked={picked.size}
				focused={last === EVERY}
				onChoose={() => onChoose(EVERY)}
			/>
		</ul>
	);
}

type RowProps = { name: string; accounts: number; picked: number; focused: boolean; onChoose: () => void };

function Row({ name, accounts, picked, focused, onChoose }: RowProps) {
	const row = useFocused<HTMLButtonElement>(focused);
	return (
		<li>
			<UnstyledButton ref={row} onClick={onChoose} className={classes.business}>
				<span>
					<Text span size="sm" fw={550}>
						{name}
					</Text>
					<Text span size="xs" c="dimmed" display="block">
						{plural(accounts, "account")}
					</Text>
				</span>
				<Group gap="xs" wrap="nowrap">
					{picked > 0 && <Badge variant="light">{picked} ticked</Badge>}
					<ChevronRight size={16} aria-hidden />
				</Group>
			</UnstyledButton>
		</li>
	);
}

/** The way back is where the keyboard goes on in the second step: the row that led here is not there any more. */
export function BackToBusinesses({ name, onBack }: { name: string; onBack: () => void }) {
	const back = useFocused<HTMLButtonElement>(true);
	return (
		<Group gap="xs" wrap="nowrap">
			<Button
				ref={back}
				size="compact-sm"
				variant="subtle"
				leftSection={<ArrowLeft size={14} aria-hidden />}
				onClick={onBack}
			>
				Businesses
			</Button>
			<Text size="sm" fw={550} truncate>
				{nameOf(name)}
			</Text>
		</Group>
	);
}

/** Takes the keyboard when it appears, as what replaces the thing that was pressed. */
function useFocused<E extends HTMLElement>(focused: boolean) {
	const place = useRef<E>(null);
	useEffect(() => {
		if (focused) place.current?.focus();
	}, [focused]);
	return place;
}

const nameOf = (name: string) => name || "Without a business";
