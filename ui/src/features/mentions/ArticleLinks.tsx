import { Anchor, Group, VisuallyHidden } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { ExternalLink } from "lucide-react";

/** To the article as it was fetched, and to where it stands today. */
export function ArticleLinks({ article, url, mention }: { article: string; url: string; mention?: string }) {
	return (
		<Group gap="md">
			<Anchor
				size="xs"
				renderRoot={(props) => (
					<Link to="/articles/$articleId" params={{ articleId: article }} search={{ mention }} {...props} />
				)}
			>
				See it in the article
			</Anchor>
			<Anchor size="xs" href={url} target="_blank" rel="noreferrer noopener">
				Original <ExternalLink size={12} aria-hidden />
				<VisuallyHidden>(opens in a new tab)</VisuallyHidden>
			</Anchor>
		</Group>
	);
}
