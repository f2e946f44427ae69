using static TorchSharp.torch;

namespace NotebookKit.Models;

/// <summary>A language model that says how probable given answers are: the numbers behind rank classification.</summary>
public interface IChoiceScorer
{
    /// <summary>
    /// log p(token | input, earlier tokens of the answer), each input read once however many answers it has.
    /// The score of an answer is the sum of its row (Sanh et al. 2022, rank classification). No gradient is kept; call <c>eval()</c> before.
    /// </summary>
    /// <param name="inputIds">The inputs, int64 [inputs, time].</param>
    /// <param name="attentionMask">1 for a token, 0 for padding on either side, [inputs, time].</param>
    /// <param name="answerIds">The answers, padded on the right with any token, int64 [answers, length].</param>
    /// <param name="answerMask">1 for a token of the answer, 0 for padding, [answers, length].</param>
    /// <param name="inputOf">Which input each answer belongs to, int64 [answers].</param>
    /// <returns>Float [answers, length], 0 at padding.</returns>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    Tensor AnswerLogProbabilities(Tensor inputIds, Tensor attentionMask, Tensor answerIds, Tensor answerMask, Tensor inputOf);
}
