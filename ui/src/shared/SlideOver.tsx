import { ActionIcon, Button, Group, Portal, Text } from "@mantine/core";
import { useFocusTrap, useMediaQuery, useMergedRef } from "@mantine/hooks";
import { useBlocker } from "@tanstack/react-router";
import { X } from "lucide-react";
import {
	createContext,
	type FormEventHandler,
	lazy,
	type ReactNode,
	type Ref,
	Suspense,
	use,
	useEffect,
	useId,
	useLayoutEffect,
	useMemo,
	useRef,
} from "react";
import { atFoot } from "./foot";
import { inPlace } from "./inPlace";
import classes from "./SlideOver.module.css";

const loadDialog = () => import("./Dialog");
const Dialog = lazy(() => loadDialog().then((module) => ({ default: module.Dialog })));

type PanelApi = { close: () => void; done: () => void; setDirty: (dirty: boolean) => void };

const PanelContext = createContext<PanelApi>({ close: () => {}, done: () => {}, setDirty: () => {} });

/** Inside a panel: `close` asks about unsaved changes, `done` leaves without asking. */
export const usePanel = () => use(PanelContext);

type Props = {
	title: ReactNode;
	about?: ReactNode;
	actions?: ReactNode;
	onClose: () => void;
	children: ReactNode;
};

/**
 * The right-hand panel over a list: 45 % of a desktop (the list gives way and stays usable), 85 % of a tablet, all of a phone.
 * Esc, a click on the page beside it, and Back close it; rows marked with `data-row` may be clicked and open their own.
 */
export function SlideOver(props: Props) {
	// The portal comes into being only after its first effects: what needs the panel's element lives inside it.
	return (
		<Portal>
			<Panel {...props} />
		</Portal>
	);
}

function Panel({ title, about, actions, onClose, children }: Props) {
	const name = useId();
	const beside = useMediaQuery("(min-width: 75em)", window.matchMedia("(min-width: 75em)").matches);
	const panel = useRef<HTMLElement | null>(null);
	// One and the same function at each rendering: the trap takes a new one for a new panel and moves the focus.
	const place = useMergedRef(panel, useFocusTrap(!beside));
	const dirty = useRef(false);
	const latest = useRef(onClose);
	latest.current = onClose;
	const api = useMemo<PanelApi>(
		() => ({
			close: () => latest.current(),
			done: () => {
				dirty.current = false;
				latest.current();
			},
			setDirty: (value) => {
				dirty.current = value;
				// The question about unsaved changes must be at hand even if the line breaks meanwhile.
				if (value) void loadDialog();
			},
		}),
		[],
	);
	const blocker = useBlocker({
		shouldBlockFn: () => dirty.current,
		enableBeforeUnload: () => dirty.current,
		withResolver: true,
	});

	useTakesRoom();
	useFocusGoesAndReturns(panel);
	useCloses(panel, api.close);

	return (
		<>
			<button
				type="button"
				className={classes.veil}
				onClick={api.close}
				tabIndex={-1}
				aria-label="Close panel"
			/>
			<section
				ref={place}
				role="dialog"
				aria-modal={!beside}
				aria-labelledby={name}
				tabIndex={-1}
				className={classes.panel}
			>
				<div className={classes.head}>
					<div style={{ minWidth: 0 }}>
						<h2 id={name} className={classes.title} style={{ margin: 0 }}>
							{title}
						</h2>
						{about && (
							<Text size="sm" c="dimmed" component="div" mt={2}>
								{about}
							</Text>
						)}
					</div>
					<Group gap={4} wrap="nowrap">
						{actions}
						<ActionIcon variant="subtle" color="gray" onClick={api.close} aria-label="Close panel">
							<X size={18} />
						</ActionIcon>
					</Group>
				</div>
				<PanelContext value={api}>{children}</PanelContext>
			</section>
			<Suspense>
				{blocker.status === "blocked" && (
					<Dialog opened onClose={() => blocker.reset?.()} title="Leave without saving?">
						<Text size="sm">What you changed in this panel is not saved yet.</Text>
						<Group justify="flex-end" mt="lg" gap="sm">
							<Button variant="default" onClick={() => blocker.proceed?.()}>
								Discard changes
							</Button>
							<Button data-autofocus onClick={() => blocker.reset?.()}>
								Keep editing
							</Button>
						</Group>
					</Dialog>
				)}
			</Suspense>
		</>
	);
}

/** The part of a panel that scrolls. It can be reached by keyboard. */
export function PanelBody({ children, ref }: { children: ReactNode; ref?: Ref<HTMLElement> }) {
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse
		<section ref={ref} className={classes.body} tabIndex={0} aria-label="Details">
			{children}
		</section>
	);
}

export function PanelFoot({ children }: { children: ReactNode }) {
	return (
		<div ref={atFoot} className={classes.foot}>
			{children}
		</div>
	);
}

type FormProps = {
	onSubmit: FormEventHandler<HTMLFormElement>;
	dirty: boolean;
	saving: boolean;
	save?: string;
	aside?: ReactNode;
	disabled?: boolean;
	children: ReactNode;
};

/** A form that fills a panel: Save and Cancel stick to the bottom, leaving it with changes asks first. */
export function PanelForm({ onSubmit, dirty, saving, save = "Save", aside, disabled, children }: FormProps) {
	const { close, setDirty } = usePanel();
	useEffect(() => {
		setDirty(dirty);
		return () => setDirty(false);
	}, [dirty, setDirty]);
	const body = useRef<HTMLElement>(null);
	const sent = useShowsWhatIsWrong(body);
	return (
		<form
			onSubmit={(event) => {
				sent();
				onSubmit(event);
			}}
			noValidate
			className={classes.form}
		>
			<PanelBody ref={body}>{children}</PanelBody>
			<PanelFoot>
				{aside && <div style={{ marginRight: "auto" }}>{aside}</div>}
				<Button variant="default" onClick={close}>
					Cancel
				</Button>
				<Button type="submit" loading={saving} disabled={disabled}>
					{save}
				</Button>
			</PanelFoot>
		</form>
	);
}

/** What a form came to, in its place. */
export function PanelDone({ children }: { children: ReactNode }) {
	const { done } = usePanel();
	return (
		<>
			<PanelBody>{children}</PanelBody>
			<PanelFoot>
				<Button onClick={done}>Done</Button>
			</PanelFoot>
		</>
	);
}

const WRONG = "[role=alert], .mantine-InputWrapper-error";

/**
 * Brings what is said to be wrong into view: whoever saves at the end of a long form does not see its beginning. The function that it
 * returns is told of each sending.
 */
function useShowsWhatIsWrong(body: { current: HTMLElement | null }) {
	const waiting = useRef(false);
	useEffect(() => {
		if (!body.current) return;
		const observer = new MutationObserver((changes) => {
			if (!waiting.current || !changes.some(({ addedNodes }) => addedNodes.length > 0)) return;
			const wrong = body.current?.querySelector<HTMLElement>(WRONG);
			if (!wrong) return;
			waiting.current = false;
			wrong.scrollIntoView({ block: "center" });
		});
		observer.observe(body.current, { childList: true, subtree: true });
		return () => observer.disconnect();
	}, [body]);
	return () => {
		waiting.current = true;
	};
}

let panels = 0;
/** The row that was marked as open when a panel was last drawn: a panel that closes leaves none. */
let openRow: string | undefined;

/** The list gives way while any panel is there: one that follows another in its place leaves it as it is. */
function useTakesRoom() {
	useLayoutEffect(() => {
		openRow = document.querySelector<HTMLElement>("main [data-row][data-open]")?.dataset.row;
	});
	useLayoutEffect(() => {
		panels += 1;
		giveWay();
		return () => {
			panels -= 1;
			queueMicrotask(giveWay);
		};
	}, []);
}

function giveWay() {
	const { dataset } = document.documentElement;
	if (Boolean(dataset.panel) === panels > 0) return;
	inPlace(openRow, () => {
		if (panels > 0) dataset.panel = "open";
		else delete dataset.panel;
	});
}

function useFocusGoesAndReturns(panel: { current: HTMLElement | null }) {
	useEffect(() => {
		const before = document.activeElement as HTMLElement | null;
		const goIn = () => {
			const first = panel.current?.querySelector<HTMLElement>("[data-autofocus]");
			(first ?? panel.current)?.focus({ preventScroll: true });
		};
		goIn();
		// The trap of narrow screens goes to the first button of its own accord; ours comes after.
		const timer = setTimeout(goIn);
		return () => {
			clearTimeout(timer);
			if (before?.isConnected && before !== document.body) before.focus({ preventScroll: true });
		};
	}, [panel]);
}

function useCloses(panel: { current: HTMLElement | null }, close: () => void) {
	useEffect(() => {
		const opened = performance.now();
		// Asked on the way down: a menu that closes by this very key has given the focus back on the way up.
		let under = false;
		const onKeyFirst = (event: KeyboardEvent) => {
			if (event.key === "Escape") under = isUnderSomething();
		};
		const onKey = (event: KeyboardEvent) => {
			if (event.key !== "Escape" || event.defaultPrevented || under) return;
			// It is used up: the list beside has something of its own to do by this key.
			event.preventDefault();
			close();
		};
		const onClick = (event: MouseEvent) => {
			const target = event.target as HTMLElement;
			// The click that opened the panel arrives here after it where nothing had to be loaded in between.
			if (event.timeStamp < opened) return;
			if (!target.isConnected || !target.closest("main") || panel.current?.contains(target)) return;
			if (target.closest("[data-row], [data-keeps-panel]") || getSelection()?.toString()) return;
			close();
		};
		document.addEventListener("keydown", onKeyFirst, true);
		document.addEventListener("keydown", onKey);
		document.addEventListener("click", onClick);
		return () => {
			document.removeEventListener("keydown", onKeyFirst, true);
			document.removeEventListener("keydown", onKey);
			document.removeEventListener("click", onClick);
		};
	}, [panel, close]);
}

/** What is open on top of the panel closes first: a list of choices, a menu, a question. */
function isUnderSomething(): boolean {
	const focused = document.activeElement;
	return (
		(focused?.getAttribute("aria-expanded") === "true" && hasSomething(focused)) ||
		Boolean(
			focused?.closest(
				"[data-own-keys], .mantine-Popover-dropdown, .mantine-Menu-dropdown, .mantine-Modal-content",
			),
		)
	);
}

/** A field that proposes calls itself expanded also while there is nothing to propose, and nothing is seen. */
function hasSomething(field: Element): boolean {
	const list = document.getElementById(field.getAttribute("aria-controls") ?? "");
	return list?.textContent !== "";
}
