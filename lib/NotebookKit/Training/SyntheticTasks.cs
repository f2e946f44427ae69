namespace NotebookKit.Training;

/// <summary>
/// Short tasks on random pieces, without a word of language, that teach an encoder-decoder what a small model needs before it can read a list of choices: to copy, to see
/// that something occurs twice, and to find what two places share (pre-training on synthetic tasks: Wu et al. 2022). A mark in front says which task it is.
/// A start that saw <see cref="SyntheticTask.Match"/> has practised the tested skill without words; a comparison needs one that did not.
/// </summary>
/// <param name="FirstPiece">Id of the first piece to draw from.</param>
/// <param name="Pieces">How many there are, at least 32.</param>
/// <param name="FirstMark">Id of the first of four marks: one for each task, then the one between segments. Sentinels do.</param>
/// <param name="EndId">Ends the target.</param>
public sealed record SyntheticTasks(int FirstPiece, int Pieces, int FirstMark, int EndId)
{
    private const int Fewest = 32;

    private int Separator => FirstMark + 3;

    /// <summary>One example.</summary>
    /// <param name="task">Which task.</param>
    /// <param name="seed">What is drawn follows from it.</param>
    /// <returns>Input without end token, target with it.</returns>
    /// <exception cref="ArgumentException">There are too few pieces, or a mark is one of them.</exception>
    public TokenPair Make(SyntheticTask task, Seed seed)
    {
        if (Pieces < Fewest) throw new ArgumentException($"{Pieces} pieces are too few to draw from; give at least {Fewest}.");
        if (FirstMark < FirstPiece + Pieces && FirstPiece <= Separator) throw new ArgumentException($"The marks from {FirstMark} to {Separator} are among the pieces from {FirstPiece} on; give free ids.");
        var random = seed.ToRandom();
        var (inputs, target) = task switch
        {
            SyntheticTask.Copy => Copy(random),
            SyntheticTask.NameTwice => NameTwice(random),
            _ => Match(random),
        };
        return new([FirstMark + (int)task, .. inputs], [.. target, EndId]);
    }

    private (int[] Inputs, int[] Target) Copy(Random random)
    {
        int[] pieces = Distinct(random, random.Next(2, 9));
        return (pieces, pieces);
    }

    /// <summary>Three to six pieces, one or two of them twice; the target names those in the order in which they first come.</summary>
    private (int[] Inputs, int[] Target) NameTwice(Random random)
    {
        int[] pieces = Distinct(random, random.Next(3, 7));
        int[] twice = pieces[..random.Next(1, 3)];
        int[] inputs = [.. pieces, .. twice];
        random.Shuffle(inputs);
        return (inputs, [.. inputs.Distinct().Where(twice.Contains)]);
    }

    /// <summary>A text of four to eight pieces and two to four segments of equal length, one of which holds a piece of the text; the target is that segment.</summary>
    private (int[] Inputs, int[] Target) Match(Random random)
    {
        int text = random.Next(4, 9), segments = random.Next(2, 5), length = random.Next(1, 4);
        int[] pieces = Distinct(random, text + segments * length);
        int[][] lists = [.. pieces[text..].Chunk(length)];
        int[] right = lists[random.Next(segments)];
        right[random.Next(length)] = pieces[random.Next(text)];
        return ([.. pieces[..text], .. lists.SelectMany(list => (int[])[Separator, .. list])], right);
    }

    private int[] Distinct(Random random, int count)
    {
        var drawn = new List<int>();
        while (drawn.Count < count)
            if (FirstPiece + random.Next(Pieces) is var piece && !drawn.Contains(piece)) drawn.Add(piece);
        return [.. drawn];
    }
}

/// <summary>The tasks of a synthetic start.</summary>
public enum SyntheticTask
{
    /// <summary>Write two to eight pieces again.</summary>
    Copy,

    /// <summary>Name the pieces that occur twice.</summary>
    NameTwice,

    /// <summary>Write the segment that shares a piece with the text.</summary>
    Match,
}
