namespace NotebookKit.Play.Mask;

/// <summary>Whatever fills gaps: a model, or counts.</summary>
public interface IGapReader : IDisposable
{
    /// <summary>The name on the page.</summary>
    string Name { get; }

    /// <summary>Pieces that it reads at once.</summary>
    int Room { get; }

    /// <summary>What it fills into a gap, piece by piece: each is guessed while all of the gap is hidden, as in training.</summary>
    /// <param name="ids">The text with the gap hidden, without special tokens, at most <see cref="Room"/>.</param>
    /// <param name="gap">The place of the gap's first piece.</param>
    /// <param name="truth">The pieces that stood there.</param>
    IReadOnlyList<PlaceGuesses> Guess(IReadOnlyList<int> ids, int gap, IReadOnlyList<int> truth);
}
