namespace NotebookKit.Pmi;

/// <summary>
/// What all masking schemes share (Levine et al. 2021, section 3): a sequence is covered by units, units are chosen uniformly at random
/// until the budget of word pieces is spent, and what replaces a unit is decided once for all its pieces.
/// </summary>
/// <remarks>
/// Special tokens belong to no unit and are not counted in the budget. A drawn unit longer than what is left of the budget is passed over
/// and the draw goes on (<see cref="OverlongUnit"/>). A piece that continues a word although none begins before it (the sequence was cut
/// inside a word) begins a unit.
/// </remarks>
public abstract class Masker : IMasker
{
    private readonly PieceRuns words = new();
    private readonly PieceRuns chosen = new();
    private UnitAction[] actions = [];
    private int[] order = [];
    private int[] identity = [];

    /// <summary>A masker.</summary>
    /// <param name="name">The scheme's name, for tables and figures.</param>
    /// <param name="alphabet">The tokenizer's pieces.</param>
    /// <param name="options">Rate and replacement; BERT's when null.</param>
    private protected Masker(string name, PieceAlphabet alphabet, MaskingOptions? options)
    {
        Name = name;
        Alphabet = alphabet;
        Options = options ?? new();
        Options.Validate();
        if (Options.RandomShare > 0 && alphabet.Replacements.IsEmpty)
            throw new ArgumentException("The vocabulary has only special tokens, so there is nothing to draw random pieces from. Set RandomShare to 0.", nameof(options));
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Rate and replacement.</summary>
    public MaskingOptions Options { get; }

    /// <summary>The tokenizer's pieces.</summary>
    public PieceAlphabet Alphabet { get; }

    /// <inheritdoc/>
    public void Mask(ReadOnlySpan<int> tokenIds, Span<int> inputIds, Span<int> labels, ref MaskingRandom random) =>
        MaskUnits(tokenIds, inputIds, labels, ref random);

    /// <inheritdoc/>
    public MaskedSequence Explain(ReadOnlySpan<int> tokenIds, ref MaskingRandom random)
    {
        int[] inputs = new int[tokenIds.Length];
        int[] labels = new int[tokenIds.Length];
        PieceRuns units = MaskUnits(tokenIds, inputs, labels, ref random);

        List<MaskingUnit> all = [];
        for (int i = 0; i < chosen.Count; i++) all.Add(Describe(chosen, i, actions[i]));
        for (int i = 0; i < units.Count; i++)
            if (labels[units.Starts[i]] == IMasker.NotPredicted) all.Add(Describe(units, i, UnitAction.Visible));
        return new(tokenIds.ToArray(), inputs, labels, [.. all.OrderBy(unit => unit.Start)]);
    }

    /// <summary>The words of the sequence.</summary>
    private protected PieceRuns Words => words;

    /// <summary>Covers the sequence by the scheme's units.</summary>
    private protected abstract PieceRuns Cover(ReadOnlySpan<int> tokenIds, PieceRuns words, ref MaskingRandom random);

    /// <summary>Chooses units uniformly at random until the budget is spent or every unit was drawn.</summary>
    private protected virtual void Choose(PieceRuns units, PieceRuns chosen, int budget, ref MaskingRandom random)
    {
        Span<int> undrawn = InOrder(units.Count);
        while (budget > 0 && undrawn.Length > 0)
        {
            int unit = Draw(ref undrawn, ref random);
            int length = units.Length(unit);
            if (length > budget && Options.OverlongUnit == OverlongUnit.Skip) continue;
            chosen.Add(units.Starts[unit], units.Ends[unit]);
            budget -= length;
        }
    }

    /// <summary>The numbers 0, 1, 2, … as scratch memory to draw from.</summary>
    private protected Span<int> InOrder(int count)
    {
        identity.AsSpan(0, count).CopyTo(order);
        return order.AsSpan(0, count);
    }

    /// <summary>Draws one of the numbers that are left, and takes it away (one step of Fisher and Yates).</summary>
    private protected static int Draw(ref Span<int> left, ref MaskingRandom random)
    {
        int place = random.Next(left.Length);
        int drawn = left[place];
        left[place] = left[^1];
        left = left[..^1];
        return drawn;
    }

    private PieceRuns MaskUnits(ReadOnlySpan<int> tokenIds, Span<int> inputIds, Span<int> labels, ref MaskingRandom random)
    {
        if (inputIds.Length != tokenIds.Length || labels.Length != tokenIds.Length)
            throw new ArgumentException($"The sequence has {tokenIds.Length} ids, but there is room for {inputIds.Length} inputs and {labels.Length} labels. Give three spans of one length.");
        Reserve(tokenIds.Length);
        int pieces = FindWords(tokenIds);
        PieceRuns units = Cover(tokenIds, words, ref random);
        chosen.Count = 0;
        Choose(units, chosen, Options.Budget(pieces), ref random);
        tokenIds.CopyTo(inputIds);
        labels.Fill(IMasker.NotPredicted);
        for (int i = 0; i < chosen.Count; i++)
        {
            Range unit = chosen.Starts[i]..chosen.Ends[i];
            inputIds[unit].CopyTo(labels[unit]);
            actions[i] = Replace(inputIds[unit], ref random);
        }
        return units;
    }

    /// <summary>Decides once what replaces a unit: [MASK] with 80 %, random pieces with 10 %, nothing with 10 %.</summary>
    private UnitAction Replace(Span<int> unit, ref MaskingRandom random)
    {
        double draw = random.NextDouble();
        if (draw < Options.MaskShare)
        {
            unit.Fill(Alphabet.MaskId);
            return UnitAction.Masked;
        }
        if (draw >= Options.MaskShare + Options.RandomShare) return UnitAction.Kept;
        ReadOnlySpan<int> replacements = Alphabet.Replacements;
        foreach (ref int id in unit) id = replacements[random.Next(replacements.Length)];
        return UnitAction.Randomized;
    }

    /// <summary>Finds the words and returns the number of pieces that are no special tokens.</summary>
    private int FindWords(ReadOnlySpan<int> tokenIds)
    {
        ReadOnlySpan<PieceRole> roles = Alphabet.Roles;
        int[] starts = words.Starts, ends = words.Ends;
        int count = 0;
        int pieces = 0;
        bool broken = true;
        for (int i = 0; i < tokenIds.Length; i++)
        {
            int id = tokenIds[i];
            if ((uint)id >= (uint)roles.Length)
                throw new ArgumentException($"The id {id} at place {i} is not in the vocabulary of {roles.Length} pieces. Mask with the vocabulary of the tokenizer that made the ids.");
            PieceRole role = roles[id];
            if (role == PieceRole.Special)
            {
                broken = true;
                continue;
            }
            // Without a branch, because word starts cannot be predicted: the start is written in any case and counted only if it is one.
            starts[count] = i;
            count += broken | role == PieceRole.WordStart ? 1 : 0;
            ends[count - 1] = i + 1;
            broken = false;
            pieces++;
        }
        words.Count = count;
        return pieces;
    }

    private MaskingUnit Describe(PieceRuns runs, int run, UnitAction action)
    {
        int start = runs.Starts[run], end = runs.Ends[run];
        int wholeWords = Math.Max(0, CountBelow(words.Ends, end + 1) - CountBelow(words.Starts, start));
        return new(start, end - start, wholeWords, action);

        int CountBelow(int[] sorted, int bound)
        {
            int found = Array.BinarySearch(sorted, 0, words.Count, bound);
            return found >= 0 ? found : ~found;
        }
    }

    private void Reserve(int length)
    {
        if (identity.Length >= length && identity.Length > 0) return;
        // One more than the length: the search for words writes a start ahead of its count.
        words.Reserve(length + 1);
        chosen.Reserve(length);
        actions = new UnitAction[length];
        order = new int[length];
        identity = [.. Enumerable.Range(0, length)];
    }
}

/// <summary>
/// Turns a sequence of word pieces into a training example of masked language modelling. An instance keeps scratch memory: use one
/// for each thread (a compiled vocabulary may be shared).
/// </summary>
public interface IMasker
{
    /// <summary>The label of a piece that is not predicted; a cross-entropy ignores it.</summary>
    const int NotPredicted = TokenLabel.Ignored;

    /// <summary>The scheme's name, for tables and figures.</summary>
    string Name { get; }

    /// <summary>Masks one sequence. Allocates nothing once a sequence of that length has been seen.</summary>
    /// <param name="tokenIds">Ready ids [time]; special tokens may stand anywhere, and no unit crosses them.</param>
    /// <param name="inputIds">Receives what the model sees [time]; may be the same memory as the tokens.</param>
    /// <param name="labels">Receives the original ids where a piece is predicted, <see cref="NotPredicted"/> elsewhere [time].</param>
    /// <param name="random">The source of all draws; the same state gives the same result.</param>
    /// <exception cref="ArgumentException">The three lengths differ, or an id is not in the tokenizer's vocabulary.</exception>
    void Mask(ReadOnlySpan<int> tokenIds, Span<int> inputIds, Span<int> labels, ref MaskingRandom random);

    /// <summary>Masks one sequence, with the same draws as <see cref="Mask"/>, and tells the units.</summary>
    MaskedSequence Explain(ReadOnlySpan<int> tokenIds, ref MaskingRandom random);
}

/// <summary>Runs of pieces [start, end) in the order of a sequence: its words, or its units. Grows, and is filled anew for each sequence.</summary>
internal sealed class PieceRuns
{
    internal int[] Starts = [];
    internal int[] Ends = [];
    internal int Count;

    internal void Reserve(int count)
    {
        if (Starts.Length >= count) return;
        Starts = new int[count];
        Ends = new int[count];
    }

    internal void Add(int start, int end)
    {
        Starts[Count] = start;
        Ends[Count++] = end;
    }

    internal int Length(int run) => Ends[run] - Starts[run];
}
