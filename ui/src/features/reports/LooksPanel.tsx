import { Alert, Button, ColorInput, FileButton, Group, Input, Stack, Text, TextInput } from "@mantine/core";
import { ImageUp } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { BrandingOut } from "@/api/generated/types.gen";
import { failed, sentence } from "@/api/problems";
import { useCan } from "@/api/session";
import { ConfirmButton } from "@/shared/ConfirmButton";
import { PanelForm, SlideOver, usePanel } from "@/shared/SlideOver";
import { LoadingPanel, ProblemPanel } from "@/shared/states";
import { complain, say } from "@/shared/undo";
import { instead } from "./faults";
import classes from "./Templates.module.css";
import { useBranding, useChangeBranding, useChangeLogo, useForgetBranding, useRemoveLogo } from "./templates";

const SWATCHES = ["#1d4ed8", "#0f766e", "#7c2d12", "#7e22ce", "#be123c", "#334155"];

/** The colour, the logo and the words at the foot of every report. */
export function LooksPanel({ onClose }: { onClose: () => void }) {
	const branding = useBranding();
	return (
		<SlideOver
			title="How reports look"
			about="On the page, in print, on slides and in mails, from the next report on"
			onClose={onClose}
		>
			{branding.isPending ? (
				<LoadingPanel what="looks" />
			) : failed(branding) ? (
				<ProblemPanel error={branding.error} retry={branding.refetch} />
			) : (
				<Looks looks={branding.data} />
			)}
		</SlideOver>
	);
}

function Looks({ looks }: { looks: BrandingOut }) {
	const { done } = usePanel();
	const may = useCan("admin");
	const change = useChangeBranding();
	const forget = useForgetBranding();
	const [color, setColor] = useState(looks.color);
	const [footer, setFooter] = useState(looks.footer);
	const dirty = !change.isSuccess && (color !== looks.color || footer !== looks.footer);
	const darker = instead(change.error);
	const save = (event: FormEvent) => {
		event.preventDefault();
		change.mutate(
			{ body: { color, footer } },
			{
				onSuccess: () => {
					say("Reports look like that from now on");
					done();
				},
			},
		);
	};
	return (
		<PanelForm
			onSubmit={save}
			dirty={dirty}
			saving={change.isPending}
			disabled={!may}
			aside={
				looks.is_set &&
				may && (
					<ConfirmButton
						question="Let reports look as they come?"
						consequence="Colour, logo and line are forgotten. Reports that were made keep theirs."
						yes="Forget the looks"
						loading={forget.isPending}
						onConfirm={() =>
							forget.mutate(
								{},
								{
									onSuccess: () => {
										say("Reports look as they come");
										done();
									},
									onError: (error) => complain(sentence(error)),
								},
							)
						}
					>
						Forget
					</ConfirmButton>
				)
			}
		>
			<Stack gap="lg">
				{change.isError && (
					<Alert color="red" role="alert">
						{sentence(change.error)}
						{darker && (
							<Group mt="xs">
								<Button
									size="compact-sm"
									variant="default"
									leftSection={<span className={classes.dot} style={{ background: darker }} />}
									onClick={() => {
										setColor(darker);
										change.reset();
									}}
								>
									Take {darker}
								</Button>
							</Group>
						)}
					</Alert>
				)}
				<ColorInput
					label="Colour"
					description="Of headings, buttons and the head of the page; dark enough to be read on white"
					format="hex"
					swatches={SWATCHES}
					disabled={!may}
					value={color}
					popoverProps={{ zIndex: 300 }}
					eyeDropperButtonProps={{ "aria-label": "Pick a colour from the screen" }}
					onChange={setColor}
				/>
				<Logo looks={looks} may={may} />
				<TextInput
					label="Words at the foot"
					placeholder="Acme PR · Leipzig"
					maxLength={200}
					disabled={!may}
					value={footer}
					onChange={(event) => setFooter(event.currentTarget.value)}
				/>
			</Stack>
		</PanelForm>
	);
}

function Logo({ looks, may }: { looks: BrandingOut; may: boolean }) {
	const upload = useChangeLogo();
	const remove = useRemoveLogo();
	return (
		<Input.Wrapper
			label="Logo"
			labelElement="div"
			description="A PNG or JPEG of at most 1 MB. It is drawn anew; nothing else that the file holds is kept"
			error={upload.isError && sentence(upload.error)}
		>
			<div className={classes.logoField}>
				{looks.logo_sha256 ? (
					<img
						className={classes.logo}
						src={`/api/reports/branding/logo?${looks.logo_sha256}`}
						alt="Your logo"
					/>
				) : (
					<Text size="sm" c="dimmed">
						No logo yet
					</Text>
				)}
				{may && (
					<Group gap="xs">
						<FileButton
							accept="image/png,image/jpeg,image/svg+xml"
							onChange={(picture) =>
								picture &&
								upload.mutate(picture, { onSuccess: () => say("The logo is on reports from now on") })
							}
						>
							{(props) => (
								<Button
									variant="default"
									size="xs"
									leftSection={<ImageUp size={14} />}
									loading={upload.isPending}
									{...props}
								>
									{looks.logo_sha256 ? "Another logo" : "Upload a logo"}
								</Button>
							)}
						</FileButton>
						{looks.logo_sha256 && (
							<Button
								variant="subtle"
								color="red"
								size="xs"
								loading={remove.isPending}
								onClick={() => remove.mutate({}, { onError: (error) => complain(sentence(error)) })}
							>
								Take it off
							</Button>
						)}
					</Group>
				)}
			</div>
		</Input.Wrapper>
	);
}
