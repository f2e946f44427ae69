using System.CommandLine;
using System.Numerics;

namespace NotebookKit.Runner.Commands;

/// <summary>Bounds of the numbers on the command line, so that a wrong one is told before the work begins, with the option's name.</summary>
internal static class NumberOption
{
    /// <summary>The option, refusing a number below <paramref name="least"/>.</summary>
    public static Option<T> AtLeast<T>(this Option<T> option, T least)
        where T : INumber<T>
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<T>() is { } value && value < least)
                result.AddError($"{option.Name} takes a number from {least}, not {value}.");
        });
        return option;
    }
}
