import { AppShell, Burger, Group, NavLink, type NavLinkProps, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { createLink, Link, Outlet, useLocation, useNavigate, useRouter } from "@tanstack/react-router";
import { LogIn, Search, WifiOff } from "lucide-react";
import { type ComponentPropsWithRef, lazy, Suspense, useEffect, useRef, useState } from "react";
import { useLiveEvents } from "@/api/events";
import { useCan, useLeavesTogether, useStanding } from "@/api/session";
import { NotificationBell } from "@/features/notifications/NotificationBell";
import { useKeys } from "@/shared/keys";
import { Account } from "./Account";
import { ColorSchemeToggle } from "./ColorSchemeToggle";
import { useNavigation } from "./navigation";
import { RangeMenu } from "./RangeMenu";
import classes from "./Shell.module.css";
import { useLoadedAhead, useTypedAhead } from "./typedAhead";

const loadPalette = () => import("./Palette");
const Palette = lazy(loadPalette);
const KeyMap = lazy(() => import("./KeyMap"));

const RouterNavLink = createLink((props: NavLinkProps & ComponentPropsWithRef<"a">) => (
	<NavLink component="a" {...props} />
));

export function Shell() {
	// Guests read what was shared with them, and are told of nothing else.
	const may = useCan("viewer");
	const connection = useLiveEvents(may);
	useLeavesTogether();
	const [menuOpen, menu] = useDisclosure();
	const [asked, setAsked] = useState<"palette" | "keys">();
	useLoadedAhead(loadPalette);
	const [text, setText] = useTypedAhead(asked === "palette", "[data-palette]", () => setAsked(undefined));
	const { pathname, href } = useLocation();
	const standing = useStanding();
	const navigate = useNavigate();
	const navigation = useNavigation();
	const router = useRouter();
	const content = useRef<HTMLElement>(null);

	const go = Object.fromEntries(
		navigation.flatMap(({ items }) => items.map(({ key, to }) => [`g ${key}`, () => void navigate({ to })])),
	);
	useKeys({ ...go, "?": () => setAsked("keys") });
	useEffect(() => {
		const onKey = (event: KeyboardEvent) => {
			if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
			event.preventDefault();
			setAsked("palette");
		};
		window.addEventListener("keydown", onKey);
		return () => window.removeEventListener("keydown", onKey);
	}, []);

	// What led here may be gone with its page: the keys, and those who listen to the screen, go on in this one.
	useEffect(
		() =>
			router.subscribe("onRendered", ({ pathChanged }) => {
				if (pathChanged && document.activeElement === document.body)
					content.current?.focus({ preventScroll: true });
			}),
		[router],
	);

	return (
		<AppShell
			navbar={{ width: 220, breakpoint: "sm", collapsed: { mobile: !menuOpen } }}
			header={{ height: 52 }}
			layout="alt"
		>
			<a href="#content" className={classes.skip}>
				Skip to the content
			</a>
			<AppShell.Header className={classes.header}>
				<Burger
					opened={menuOpen}
					onClick={menu.toggle}
					hiddenFrom="sm"
					size="sm"
					aria-label="Menu"
					aria-expanded={menuOpen}
				/>
				<button type="button" className={classes.search} onClick={() => setAsked("palette")}>
					<Search size={15} aria-hidden />
					<span className={classes.whole}>Search or jump to…</span>
					<span className={classes.brief}>Search</span>
					<kbd>Ctrl K</kbd>
				</button>
				<Group gap={4} ml="auto" wrap="nowrap">
					{standing === "elsewhere" && (
						<a href="/" className={classes.chip} aria-label="In another organization now: open it">
							<LogIn size={13} aria-hidden /> <span>In another organization now: open it</span>
						</a>
					)}
					{standing === "ended" && (
						<Link
							to="/sign-in"
							search={{ next: href }}
							className={classes.chip}
							aria-label="Signed out: sign in"
						>
							<LogIn size={13} aria-hidden /> <span>Signed out: sign in</span>
						</Link>
					)}
					{standing === "here" && connection === "reconnecting" && (
						<div className={classes.chip} role="status">
							<WifiOff size={13} aria-hidden /> <span>Reconnecting…</span>
						</div>
					)}
					{(pathname === "/stories" || pathname === "/reports") && <RangeMenu />}
					{may && <NotificationBell />}
					<ColorSchemeToggle />
				</Group>
			</AppShell.Header>

			<AppShell.Navbar className={classes.navbar} data-closed={!menuOpen || undefined}>
				<Group className={classes.brand} gap="xs">
					<Burger opened={menuOpen} onClick={menu.toggle} hiddenFrom="sm" size="sm" aria-label="Close menu" />
					<img src="/favicon.svg" alt="" width={24} height={24} />
					<Text fw={650}>brandhound</Text>
				</Group>
				<div className={classes.places}>
					{navigation.map(({ label, items }) => (
						<div key={label} className={classes.section}>
							<Text size="xs" fw={550} c="dimmed" px="sm" pb={4}>
								{label}
							</Text>
							{items
								.filter(({ aside }) => !aside)
								.map(({ to, label, icon: Icon }) => (
									<RouterNavLink
										key={label}
										to={to}
										label={label}
										leftSection={<Icon size={17} strokeWidth={1.8} aria-hidden />}
										activeProps={{ "data-active": true }}
										className={classes.link}
										onClick={menu.close}
									/>
								))}
						</div>
					))}
				</div>
				<Account onShowKeys={() => setAsked("keys")} />
			</AppShell.Navbar>

			<AppShell.Main id="content" ref={content} tabIndex={-1} className={classes.content}>
				<Outlet />
			</AppShell.Main>

			<Suspense>
				{asked === "palette" && (
					<Palette
						text={text}
						onText={setText}
						onClose={() => setAsked(undefined)}
						onShowKeys={() => setAsked("keys")}
					/>
				)}
				{asked === "keys" && <KeyMap onClose={() => setAsked(undefined)} />}
			</Suspense>
		</AppShell>
	);
}
