using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using NotebookKit.Interactive;

namespace NotebookKit.Runner.Kernel;

/// <summary>
/// The parent's side of one kernel: a process of its own, because some errors of native code end the process that made them.
/// </summary>
internal sealed class KernelProcess : IAsyncDisposable
{
    private const int KeptLines = 30;
    private const string ThreadsVariable = "OMP_NUM_THREADS";

    private readonly Process _process;
    private readonly Queue<string> _nativeText = new();
    private readonly Task _errors;

    private KernelProcess(Process process)
    {
        _process = process;
        _errors = KeepErrorsAsync();
    }

    /// <param name="folder">The notebook's folder; the process works there.</param>
    /// <param name="threads">How many threads the mathematics of this process may use.</param>
    public static KernelProcess Start(string folder, int threads)
    {
        var start = new ProcessStartInfo(Dotnet.Host)
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "nbk.dll"), "kernel", "cells", folder },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        // Read by OpenMP when libtorch loads.
        bool fewer = int.TryParse(start.Environment.TryGetValue(ThreadsVariable, out string? set) ? set : null, out int wish) && wish > 0;
        start.Environment[ThreadsVariable] = (fewer ? Math.Min(wish, threads) : threads).ToString(CultureInfo.InvariantCulture);
        // Tells the kit that figures may be kept as data, because pages and pictures are made from them.
        start.Environment[NotebookHosts.Variable] = "nbk";
        return new KernelProcess(Process.Start(start)!);
    }

    /// <summary>Waits until the kernel takes cells, so that its start is not counted as time of the first one.</summary>
    /// <returns>Null when it is ready, or how the process died.</returns>
    public Task<KernelDeath?> ReadyAsync(CancellationToken stop) => ReadToFinishAsync(_ => { }, stop);

    /// <summary>Runs a cell and hands on its events in order.</summary>
    /// <returns>Null when the cell has finished, or how the process died.</returns>
    public async Task<KernelDeath?> RunAsync(CellRequest cell, Action<CellEvent> receive, CancellationToken stop)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(cell).AsMemory(), stop);
            await _process.StandardInput.FlushAsync(stop);
        }
        catch (IOException)
        {
            // A dead process: what it left in the pipe is still to be read.
        }
        return await ReadToFinishAsync(receive, stop);
    }

    private async Task<KernelDeath?> ReadToFinishAsync(Action<CellEvent> receive, CancellationToken stop)
    {
        while (await _process.StandardOutput.ReadLineAsync(stop) is { } line)
        {
            int mark = line.IndexOf(CellEvent.Mark, StringComparison.Ordinal);
            if (mark != 0)
                Keep(mark < 0 ? line : line[..mark]);
            if (mark < 0)
                continue;
            CellEvent? message;
            try
            {
                message = CellEvent.Decode(line[(mark + 1)..]);
            }
            catch (JsonException)
            {
                // Cut short by the end of the process, or native text in its middle.
                continue;
            }
            if (message is CellFinished)
                return null;
            if (message is not null)
                receive(message);
        }
        await _process.WaitForExitAsync(stop);
        await _errors;
        lock (_nativeText)
            return new KernelDeath(_process.ExitCode, [.. _nativeText]);
    }

    /// <summary>What the cells could compute on, in torch's names.</summary>
    public async Task<IReadOnlyList<string>> DevicesAsync(CancellationToken stop)
    {
        IReadOnlyList<string> devices = [];
        try
        {
            await RunAsync(new CellRequest("devices", ""), message => devices = message is DevicesNamed named ? named.Devices : devices, stop);
        }
        catch (OperationCanceledException)
        {
            // Only the answer is lost; every cell has run.
        }
        return devices;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                Kill();
            }
        }
        _process.Dispose();
    }

    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    private async Task KeepErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
            Keep(line);
    }

    private void Keep(string line)
    {
        lock (_nativeText)
        {
            // The first lines say what happened, the rest is the stack.
            if (_nativeText.Count < KeptLines)
                _nativeText.Enqueue(line);
        }
    }
}

/// <summary>A kernel process that ended in the middle of a cell.</summary>
/// <param name="ExitCode">As the system reports it; on Unix 128 and the signal's number for a signal.</param>
/// <param name="NativeText">What it printed past .NET, such as the reason of an abort.</param>
internal sealed record KernelDeath(int ExitCode, IReadOnlyList<string> NativeText)
{
    public string Cause => ExitCode switch
    {
        134 => "signal SIGABRT (native code aborted the process)",
        137 => "signal SIGKILL (killed, perhaps for want of memory)",
        139 => "signal SIGSEGV (native code touched memory that is not its own)",
        143 => "signal SIGTERM",
        > 128 and < 160 when !OperatingSystem.IsWindows() => string.Create(CultureInfo.InvariantCulture, $"signal {ExitCode - 128}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"exit code {ExitCode}"),
    };
}
