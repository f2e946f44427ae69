namespace NotebookKit.Pmi;

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
