import { Anchor, Button, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { CircleAlert, LogIn, type LucideIcon, RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import { isProblem, sentence } from "@/api/problems";
import classes from "./states.module.css";

/** While a list is on its way: rows of the height it will have, so that nothing jumps. */
export function LoadingRows({ what, rows = 8 }: { what: string; rows?: number }) {
	return (
		<div className={classes.rows} role="status" aria-label={`Loading ${what}`}>
			{Array.from({ length: rows }, (_, row) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: placeholders have nothing else
				<div key={row} className={classes.row}>
					<div style={{ flex: 1 }}>
						<Skeleton h={12} w={`${62 - ((row * 17) % 31)}%`} radius="sm" />
						<Skeleton h={9} mt={9} w={`${38 - ((row * 11) % 17)}%`} radius="sm" />
					</div>
					<Skeleton h={18} w={58} radius="sm" />
				</div>
			))}
		</div>
	);
}

export function LoadingPanel({ what }: { what: string }) {
	return (
		<Stack gap="md" p="lg" role="status" aria-label={`Loading ${what}`}>
			<Skeleton h={14} w="55%" />
			<Skeleton h={10} w="90%" />
			<Skeleton h={10} w="82%" />
			<Skeleton h={120} mt="sm" radius="md" />
			<Skeleton h={10} w="74%" />
			<Skeleton h={10} w="88%" />
		</Stack>
	);
}

type EmptyProps = {
	icon: LucideIcon;
	title: string;
	children: ReactNode;
	action?: ReactNode;
	level?: 1 | 2 | 3;
};

/** Nothing here yet: what will be here, and the one button that fills it. */
export function Empty({ icon: Icon, title, children, action, level = 2 }: EmptyProps) {
	return (
		<div className={classes.state}>
			<div className={classes.icon}>
				<Icon size={24} strokeWidth={1.6} aria-hidden />
			</div>
			<Title order={level} size="h4">
				{title}
			</Title>
			<Text c="dimmed" size="sm" component="div">
				{children}
			</Text>
			{action && (
				<Group mt="sm" justify="center">
					{action}
				</Group>
			)}
		</div>
	);
}

const ADVICE: Record<number | string, string> = {
	"tenancy/organization-left": "You are in another organization now. Load the page again to see it.",
	401: "Your session has ended. Sign in again.",
	403: "Your role does not allow this. Ask an administrator of the organization.",
	404: "It may have been removed since, or it belongs to another organization: switch in the account menu.",
	422: "Check the address, or start again from the list.",
	429: "Wait a moment, then try again.",
	503: "Nothing was changed. It usually comes back within seconds.",
	507: "Free some space on the server's disk; what was waiting goes on by itself.",
};

/** Leads to the page that says what to do about an error. */
export function AboutError({ code }: { code: string }) {
	return (
		<Anchor href={`/errors/${code}`} target="_blank" size="sm">
			More about this error
		</Anchor>
	);
}

type ProblemProps = {
	error: unknown;
	retry?: () => void;
	/** What to do about it, where more is known than what kind of error it is. */
	todo?: string;
};

/** What happened, what to do about it, and one more try. */
export function ProblemPanel({ error, retry, todo }: ProblemProps) {
	const general = isProblem(error)
		? (ADVICE[error.code ?? ""] ??
			ADVICE[error.status] ??
			"Try again; if it stays, the log of the server says more.")
		: "Check that brandhound is running and that you are connected, then try again.";
	return (
		<div className={classes.state} role="alert">
			<div className={classes.icon} data-tone="bad">
				<CircleAlert size={24} strokeWidth={1.6} aria-hidden />
			</div>
			<Text fw={600}>{sentence(error)}</Text>
			<Text c="dimmed" size="sm">
				{todo ?? general}
			</Text>
			{isProblem(error) && error.code && <AboutError code={error.code} />}
			{isProblem(error) && error.code === "identity/not-signed-in" && (
				<Button
					mt="sm"
					component="a"
					href={`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`}
					leftSection={<LogIn size={15} />}
				>
					Sign in
				</Button>
			)}
			{retry && (
				<Button mt="sm" variant="default" leftSection={<RotateCw size={15} />} onClick={() => retry()}>
					Try again
				</Button>
			)}
		</div>
	);
}
