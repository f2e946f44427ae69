namespace NotebookKit.Play.Mask;

/// <summary>A text to mask.</summary>
/// <param name="Text">The reader's text.</param>
/// <param name="Rate">The share of word pieces that is predicted, from 0.05 to 0.6.</param>
/// <param name="Seed">Which draw.</param>
public sealed record MaskQuestion(string? Text, double Rate = 0.15, long Seed = 1);

/// <summary>A text under every scheme.</summary>
/// <param name="Pieces">How many word pieces it has.</param>
/// <param name="WasCut">Whether its end was left out.</param>
/// <param name="Rows">The schemes.</param>
public sealed record MaskAnswer(int Pieces, bool WasCut, IReadOnlyList<MaskedRow> Rows);

/// <summary>A text under one scheme.</summary>
/// <param name="Scheme">The scheme's name.</param>
/// <param name="Hidden">How many pieces are predicted.</param>
/// <param name="Units">All units in order.</param>
public sealed record MaskedRow(string Scheme, int Hidden, IReadOnlyList<ShownUnit> Units);

/// <summary>A unit as the page shows it.</summary>
/// <param name="Start">The place of its first piece.</param>
/// <param name="Length">Its number of pieces.</param>
/// <param name="Action">visible, masked, random or kept.</param>
/// <param name="Text">Its pieces as one writes them.</param>
/// <param name="Seen">What the model sees, piece by piece.</param>
/// <param name="Joins">Whether it goes on with the word before it, without a space.</param>
/// <param name="Words">Its number of whole words.</param>
/// <param name="Scores">How its words belong together; null for a single word, and where the corpus has them too seldom.</param>
public sealed record ShownUnit(int Start, int Length, string Action, string Text, IReadOnlyList<string> Seen, bool Joins, int Words, UnitScores? Scores);

/// <summary>How the words of a unit belong together in the corpus.</summary>
/// <param name="Count">How often they stand together.</param>
/// <param name="Pmi">PMI_n, Eq. 3, natural logarithm.</param>
/// <param name="Naive">Naive PMI, Eq. 2, natural logarithm.</param>
/// <param name="Cut">The segmentation that gives PMI_n: where the words hang together least.</param>
public sealed record UnitScores(long Count, double Pmi, double Naive, IReadOnlyList<string> Cut);

/// <summary>A gap that models are to fill.</summary>
/// <param name="Text">As in <see cref="MaskQuestion"/>.</param>
/// <param name="Rate">As in <see cref="MaskQuestion"/>.</param>
/// <param name="Seed">As in <see cref="MaskQuestion"/>.</param>
/// <param name="Scheme">The scheme in whose draw the gap is.</param>
/// <param name="Start">The place of its first piece.</param>
public sealed record GapQuestion(string? Text, double Rate, long Seed, string? Scheme, int Start);

/// <summary>What the models fill into a gap.</summary>
/// <param name="Truth">The pieces that stood there.</param>
/// <param name="Sentence">What the models read at most, as it is shown to them.</param>
/// <param name="TwoWords">What they read with a word on either side.</param>
/// <param name="Readers">Their guesses.</param>
public sealed record GapAnswer(IReadOnlyList<string> Truth, string Sentence, string TwoWords, IReadOnlyList<ReaderGuesses> Readers);

/// <summary>What one model fills in.</summary>
/// <param name="Reader">The model.</param>
/// <param name="Sentence">Piece by piece, having read the whole sentence.</param>
/// <param name="TwoWords">Piece by piece, having read a word on either side.</param>
public sealed record ReaderGuesses(string Reader, IReadOnlyList<PlaceGuesses> Sentence, IReadOnlyList<PlaceGuesses> TwoWords);

/// <summary>What a model fills in at one place.</summary>
/// <param name="Hidden">The piece that stood there, one of the reader's own word pieces.</param>
/// <param name="Top">Its likeliest pieces, the likeliest first.</param>
/// <param name="Truth">The probability of the piece that stood there; null for counts, which know the likeliest piece only.</param>
/// <param name="Rank">The rank of that piece, from 1; null where it is not known.</param>
public sealed record PlaceGuesses(string Hidden, IReadOnlyList<PieceGuess> Top, double? Truth, int? Rank);

/// <summary>A piece and its probability.</summary>
/// <param name="Piece">The piece.</param>
/// <param name="Probability">Its probability; null for counts.</param>
public sealed record PieceGuess(string Piece, double? Probability);
