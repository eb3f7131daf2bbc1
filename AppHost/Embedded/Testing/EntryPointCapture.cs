using System.Reflection;
using Microsoft.Extensions.Hosting;

namespace LivingCity.AppHost.Embedded;

/// <summary>Lets a test run an AppHost's entry point up to its <c>Build()</c> and continue from there itself.</summary>
internal static class EntryPointCapture
{
    private static readonly AsyncLocal<Capture?> Current = new();

    public static IDistributedApplicationBuilder CreateBuilder(string[] args)
    {
        if (Current.Value is { } capture)
        {
            return capture.Builder = new(CommandLine.ForTest(args, capture.HostDirectory));
        }

        return new DistributedApplicationBuilder(CommandLine.Parse(args));
    }

    public static void StopAtBuild(DistributedApplicationBuilder builder)
    {
        if (Current.Value?.Builder == builder)
        {
            throw new HostAbortedException("The entry point is left at Build(): a test takes over.");
        }
    }

    public static DistributedApplicationBuilder Run(Assembly assembly, string[] args)
    {
        var entryPoint = assembly.EntryPoint ?? throw new ArgumentException($"{assembly.GetName().Name} has no entry point.", nameof(assembly));
        var capture = new Capture { HostDirectory = CommandLine.FindHostDirectory() };
        Current.Value = capture;
        try
        {
            entryPoint.Invoke(null, entryPoint.GetParameters().Length == 0 ? [] : [args]);
        }
        catch (TargetInvocationException left) when (left.InnerException is HostAbortedException)
        {
        }
        finally
        {
            Current.Value = null;
        }

        return capture.Builder ?? throw new ArgumentException($"{assembly.GetName().Name} does not build a distributed application.", nameof(assembly));
    }

    private sealed class Capture
    {
        public required string HostDirectory { get; init; }

        public DistributedApplicationBuilder? Builder { get; set; }
    }
}
