using System.Runtime.ExceptionServices;
using static TorchSharp.torch;

namespace NotebookKit.Training;

/// <summary>
/// Two pieces of work at the same time, each with half of the threads that an operation may use. Where operations are small, dividing each of
/// them among threads costs what it saves, and two threads that work on different things do more.
/// </summary>
internal static class SideBySide
{
    /// <summary>
    /// Halves of a batch are worked at the same time up to so many numbers in a layer's output (rows · tokens · width). Measured on two cores:
    /// a step of BERT 2 × 128 with as many took 0.8 of the time, one of 6 × 384 with three times as many as long as before and twice the memory.
    /// </summary>
    private const long MostNumbers = 1 << 18;

    /// <summary>Whether two halves of a batch are faster at the same time, and may be: draws of dropout would fall to either half by chance.</summary>
    /// <param name="numbersOfLayer">How many numbers a layer's output has.</param>
    /// <param name="hasDropout">Whether the model draws random numbers.</param>
    internal static bool Pays(long numbersOfLayer, bool hasDropout) => !hasDropout && numbersOfLayer <= MostNumbers;

    /// <summary>Runs both and returns when both have ended.</summary>
    /// <param name="first">Runs in the caller's thread; if both fail, its error is the one that is thrown.</param>
    /// <param name="second">Runs in a thread of its own, outside of the caller's scopes.</param>
    internal static void Run(Action first, Action second)
    {
        // The number of threads belongs to the thread that sets it, and a backward pass on the CPU runs in the thread that asks for it.
        int threads = get_num_threads();
        ExceptionDispatchInfo? failure = null;
        var beside = new Thread(() =>
        {
            try
            {
                set_num_threads(threads / 2);
                second();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        beside.Start();
        try
        {
            set_num_threads(threads - threads / 2);
            first();
        }
        finally
        {
            beside.Join();
            set_num_threads(threads);
        }
        failure?.Throw();
    }
}
