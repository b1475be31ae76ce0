import { Image as Picture } from "lucide-react";
import { useState } from "react";
import classes from "./Ads.module.css";

/** A small picture of an ad. Words beside it name the ad, so that it says nothing by itself. */
export function AdPicture({ asset }: { asset: string | null }) {
	const [broken, setBroken] = useState(false);
	return (
		<span className={classes.picture} aria-hidden>
			{asset && !broken ? (
				<img
					src={`/api/ads/assets/${asset}?still=true`}
					alt=""
					loading="lazy"
					onError={() => setBroken(true)}
				/>
			) : (
				<Picture size={16} />
			)}
		</span>
	);
}
