import numpy as np
from benchmarks.accuracy.lasso import solve_lasso
from hypothesis import given, settings
from hypothesis import strategies as st


def problem(seed, inputs=12, outputs=3, rows=200):
    generator = np.random.default_rng(seed)
    seen = generator.normal(size=(rows, inputs))
    seen = (seen - seen.mean(axis=0)) / seen.std(axis=0)
    kernel = generator.normal(size=(inputs, outputs)) * (generator.random((inputs, outputs)) < 0.3)
    wanted = seen @ kernel + 0.1 * generator.normal(size=(rows, outputs))
    return seen.T @ seen / rows, seen.T @ (wanted - wanted.mean(axis=0)) / rows


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10_000), share=st.floats(0.001, 1.5))
def test_the_solution_meets_the_conditions_of_the_lasso(seed, share):
    moments, cross = problem(seed)
    penalties = share * np.abs(cross).max(axis=0)
    kernel = solve_lasso(moments, cross, penalties, 2000).kernel
    slope = cross - moments @ kernel
    zero = kernel == 0
    assert (np.abs(slope) <= penalties + 1e-6)[zero].all()
    np.testing.assert_allclose(slope[~zero], (np.sign(kernel) * penalties)[~zero], atol=1e-6)
    if share >= 1:
        assert zero.all()


def test_a_start_from_similar_moments_needs_few_steps():
    moments, cross = problem(1)
    penalties = 0.05 * np.abs(cross).max(axis=0)
    exact = solve_lasso(moments, cross, penalties, 2000)
    changed = 1.01 * cross
    wanted = solve_lasso(moments, changed, penalties, 2000).kernel
    warm = solve_lasso(moments, changed, penalties, 20, exact).kernel
    cold = solve_lasso(moments, changed, penalties, 20).kernel
    assert np.abs(warm - wanted).max() < np.abs(cold - wanted).max()
