"""Any model of sentence-transformers, by name or path, in the form that `Embedder` asks for."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelProblem

Matrix = NDArray[np.float32]


class SentenceModel:
    """A loaded model. Importing this costs nothing; loading one imports torch, for seconds."""

    def __init__(self, name: str, positions: int | None = None) -> None:
        """The model of that name or in that folder.

        `positions`: how many tokens are read, where the model's own limit is too low.

        Raises:
            ModelProblem: if it cannot be loaded.
        """
        try:
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging
        except ImportError as error:
            raise ModelProblem(
                f"The embedding model {name!r} needs torch: pip install 'footnote-qa[models]', or "
                "leave FOOTNOTE_EMBEDDING_MODEL out for the model that ships with Footnote."
            ) from error

        # A bar for 0.1 s of loading would only be in the way.
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            self._model = SentenceTransformer(name)
        except Exception as error:  # every library below has errors of its own for this
            raise ModelProblem(
                f"The embedding model {name!r} could not be loaded; give the name of a "
                "sentence-transformers model that is on this machine, or the path of its folder, "
                "in FOOTNOTE_EMBEDDING_MODEL."
            ) from error
        if positions:
            self._model.max_seq_length = positions
        dimension = self._model.get_embedding_dimension()
        if dimension is None:
            raise ModelProblem(f"The embedding model {name} does not say its dimension.")
        self.dimension = dimension

    @property
    def pools_by_mean(self) -> bool:
        """Whether a text's vector is the mean of its tokens, which a fast tokenizer can place."""
        kinds = [type(module).__name__ for module in self._model]
        return (
            kinds in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"])
            and getattr(self._model[1], "pooling_mode", None) == "mean"
            and getattr(self._model.tokenizer, "is_fast", False)
            and not self._model.default_prompt_name
        )

    def vectors(self, texts: Sequence[str]) -> Matrix:
        """The unit vectors of a batch of texts, shape (texts, dimension)."""
        vectors = self._model.encode(
            list(texts),
            batch_size=len(texts),
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, np.float32)

    def tokens(self, texts: Sequence[str]) -> Iterator[tuple[Matrix, Matrix, NDArray[np.int64]]]:
        """See `Model.tokens`."""
        import torch

        read = self._model.tokenizer(
            list(texts),
            padding=True,
            truncation=True,
            max_length=self._model.max_seq_length,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        offsets = read.pop("offset_mapping").numpy()
        with torch.inference_mode():
            out = self._model(
                {name: tensor.to(self._model.device) for name, tensor in read.items()}
            )
        vectors = out["sentence_embedding"].float().cpu().numpy()
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        # Padding has empty places, so it counts for nothing.
        return zip(vectors, out["token_embeddings"].float().cpu().numpy(), offsets, strict=True)
