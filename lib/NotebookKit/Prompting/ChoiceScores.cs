using System.Text;

namespace NotebookKit.Prompting;

/// <summary>What a model thinks of the answer choices of one input.</summary>
/// <param name="Choices">The choices.</param>
/// <param name="LogProbabilities">log p(choice | input): the sum over its tokens, the end token included.</param>
/// <param name="Tokens">Number of tokens of each choice, the end token included.</param>
public sealed record ChoiceScores(IReadOnlyList<string> Choices, IReadOnlyList<double> LogProbabilities, IReadOnlyList<int> Tokens)
{
    /// <summary>The score of a choice.</summary>
    /// <param name="choice">Its position.</param>
    /// <param name="normalisation">None in T0.</param>
    public double Score(int choice, LengthNormalisation normalisation = LengthNormalisation.None) => normalisation switch
    {
        LengthNormalisation.PerToken => LogProbabilities[choice] / Tokens[choice],
        LengthNormalisation.PerByte => LogProbabilities[choice] / Math.Max(1, Encoding.UTF8.GetByteCount(Choices[choice])),
        _ => LogProbabilities[choice],
    };

    /// <summary>The position of the choice with the highest score; the first of equals.</summary>
    /// <param name="normalisation">None in T0.</param>
    public int Best(LengthNormalisation normalisation = LengthNormalisation.None) =>
        Enumerable.Range(0, Choices.Count).MaxBy(choice => Score(choice, normalisation));
}
